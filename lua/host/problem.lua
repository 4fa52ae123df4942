--- Text of an error. What BizHawk throws is an object whose text is a number, another one each time; the cause stands inside it.

local M = {}

---@param problem any what `pcall` returned
---@return string
function M.text(problem)
   if type(problem) == "userdata" then
      local ok, cause = pcall(function()
         return problem.InnerException.Message
      end)
      if ok and cause then
         return tostring(cause)
      end
   end
   return tostring(problem)
end

return M
