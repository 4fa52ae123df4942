--- Small text on the emulator's screen. BizHawk forgets it after each frame, and never draws it into a screenshot sent by comm.

local M = {}

---@param x integer pixels
---@param y integer pixels
---@return fun(text: string)
function M.writer(x, y)
   return function(text)
      gui.text(x, y, text)
   end
end

return M
