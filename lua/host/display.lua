--- Output to the player: lines in the Lua console, and small text on the emulator's screen.

local M = {}

---@param text string
function M.say(text)
   console.log("gbatrace: " .. text)
end

--- BizHawk drops the text after each frame, and never draws it into a screenshot that comm sends.
---@param x integer pixels
---@param y integer pixels
---@return fun(text: string) draw
function M.writer(x, y)
   return function(text)
      gui.text(x, y, text)
   end
end

return M
