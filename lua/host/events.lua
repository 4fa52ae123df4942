--- BizHawk's callbacks and its clockwork.

local M = {}

---@class gbatrace.Callbacks
---@field frame_end fun()
---@field savestate_loaded fun(name: string)
---@field savestate_saved fun(name: string)
---@field exit fun() the script was stopped
---@field console_close fun()

---@param callbacks gbatrace.Callbacks
function M.register(callbacks)
   event.onframeend(callbacks.frame_end)
   event.onloadstate(callbacks.savestate_loaded)
   event.onsavestate(callbacks.savestate_saved)
   event.onexit(callbacks.exit)
   event.onconsoleclose(callbacks.console_close)
end

--- Keep the script alive; all work is done in callbacks. Never returns.
function M.stay()
   while true do
      emu.frameadvance()
   end
end

return M
