--- Calls into BizHawk that may throw, and the text of errors.

local M = {}

--- Text of an error. What BizHawk throws is an object whose text is a number, another one each time; the cause stands inside it.
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

--- Call BizHawk where it may throw, or may lack the function. Not for the script's main chunk: there 2.10 catches nothing.
---@generic R
---@param call fun(): R?
---@return R? result nil if it failed
---@return string? problem why it failed
function M.attempt(call)
   local ok, result = pcall(call)
   if ok then
      return result
   end
   return nil, M.text(result)
end

return M
