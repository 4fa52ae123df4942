--- BizHawk's userdata: settings of its command line, and the hand-over to the next script.
---
--- Settings come as `--userdata "scan_mode:atomic"`. A hand-over is left by a script that is stopped for the one that BizHawk starts in its
--- place. Savestates carry userdata, so a hand-over is taken out at once.

local attempt = require("host.errors").attempt

local M = {}

local HANDOVER = "gbatrace_handover"

---@param name string
---@return any value nil if there is none
function M.get(name)
   return (attempt(function()
      return userdata.get(name)
   end))
end

---@param text string for the next script
function M.leave_handover(text)
   attempt(function()
      userdata.set(HANDOVER, text)
   end)
end

--- Take out what the script before left.
---@return string?
function M.take_handover()
   local text = M.get(HANDOVER)
   if type(text) == "string" then
      userdata.remove(HANDOVER)
      return text
   end
end

return M
