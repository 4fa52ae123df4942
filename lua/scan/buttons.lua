--- Buttons as a bit set, as a combination, and the history of combinations.
---
--- Combinations are written as in the original tool: `Up+A`, `None` for no button, a history joined by ` | `.

local gba = require("scan.gba")

---@class gbatrace.KeyHistory
---@field private bits integer? of the last combination
---@field private combination string
---@field private combinations string[] oldest first
---@field private text string
local KeyHistory = {}
KeyHistory.__index = KeyHistory

local M = {}

--- The buttons as a bit set. Bit *i* is the button `BUTTONS[i + 1]` of `gba`.
---@param pressed table<string, any> as `joypad.getwithmovie()` returns it
---@return integer
function M.bits(pressed)
   local bits = 0
   for i, name in ipairs(gba.BUTTONS) do
      if pressed[name] == true then
         bits = bits | 1 << (i - 1)
      end
   end
   return bits
end

--- Combinations that are remembered.
local LENGTH = 5

---@return gbatrace.KeyHistory
function M.new_history()
   return setmetatable({ combination = "", combinations = {}, text = "" }, KeyHistory)
end

---@param bits integer
---@return string
local function combination_of(bits)
   local names = {}
   for i, name in ipairs(gba.BUTTONS) do
      if bits >> (i - 1) & 1 == 1 then
         names[#names + 1] = name
      end
   end
   return #names > 0 and table.concat(names, "+") or "None"
end

--- Add the buttons of a frame. A frame with the buttons of the one before costs nothing.
---@param bits integer
---@return string combination
---@return string history this combination included
function KeyHistory:add(bits)
   if bits ~= self.bits then
      local combinations = self.combinations
      self.bits, self.combination = bits, combination_of(bits)
      combinations[#combinations + 1] = self.combination
      if #combinations > LENGTH then
         table.remove(combinations, 1)
      end
      self.text = table.concat(combinations, " | ")
   end
   return self.combination, self.text
end

return M
