--- BizHawk's userdata: settings from its command line (`--userdata "scan_mode:atomic"`), and what a script that is stopped leaves for the
--- one that BizHawk starts in its place. Savestates carry userdata: what is left here is taken out at once.

local M = {}

---@param name string
---@return any value nil if there is none
function M.get(name)
   local ok, value = pcall(function()
      return userdata.get(name)
   end)
   return ok and value or nil
end

--- The userdata key under which a script leaves its hand-over for the next.
local WORD = "gbatrace_goes_on"

---@param word string
function M.leave(word)
   pcall(function()
      userdata.set(WORD, word)
   end)
end

--- Take out what the script before left.
---@return string? word
function M.take()
   local word = M.get(WORD)
   if type(word) == "string" then
      userdata.remove(WORD)
      return word
   end
end

return M
