--- Settings from BizHawk's command line: `--userdata "scan_mode:atomic"`.

local M = {}

---@param name string
---@return any value nil if there is none
function M.get(name)
   local ok, value = pcall(function()
      return userdata.get(name)
   end)
   return ok and value or nil
end

return M
