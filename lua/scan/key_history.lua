--- The last combinations of buttons, as the original writes them: `Up+A`, `None` for no button, joined by ` | `.

local buttons = require("scan.buttons")

---@class gbatrace.KeyHistory
---@field private bits integer? of the last combination
---@field private combination string
---@field private combinations string[] oldest first
---@field private text string
local KeyHistory = {}
KeyHistory.__index = KeyHistory

local M = {}

--- Combinations that are remembered.
local LENGTH = 5

---@return gbatrace.KeyHistory
function M.new()
   return setmetatable({ combination = "", combinations = {}, text = "" }, KeyHistory)
end

---@param bits integer
---@return string
local function combination_of(bits)
   local names = {}
   for i, name in ipairs(buttons.NAMES) do
      if bits >> (i - 1) & 1 == 1 then
         names[#names + 1] = name
      end
   end
   return #names > 0 and table.concat(names, "+") or "None"
end

--- Note the buttons of a frame. One that holds the same as the frame before costs nothing.
---@param bits integer
---@return string combination
---@return string history this combination included
function KeyHistory:press(bits)
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
