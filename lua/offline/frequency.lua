--- How often an address changed in the last hundred frames, as far as it was counted here.

---@class gbatrace.Frequency
---@field private counts table<integer, integer> by address
---@field private recent table<integer, integer[]> addresses that changed, by frame
---@field private first integer? oldest frame that counts
---@field private last integer? newest frame
local Frequency = {}
Frequency.__index = Frequency

local M = {}

--- Frames over which changes are counted, the present one included.
local WINDOW = 100

---@return gbatrace.Frequency
function M.new()
   return setmetatable({ counts = {}, recent = {} }, Frequency)
end

--- Go to a frame. Counts begin anew where frame numbers jump.
---@param frame integer
function Frequency:come_to(frame)
   if self.last ~= frame - 1 then
      self.counts, self.recent, self.first = {}, {}, frame
   end
   self.last = frame
   local counts, recent = self.counts, self.recent
   while self.first <= frame - WINDOW do
      for _, address in ipairs(recent[self.first]) do
         local count = counts[address] - 1
         counts[address] = count > 0 and count or nil
      end
      recent[self.first] = nil
      self.first = self.first + 1
   end
   recent[frame] = {}
end

--- Count a change at the frame come to.
---@param address integer
---@return integer changes within the window, this one included
function Frequency:count(address)
   local count = (self.counts[address] or 0) + 1
   self.counts[address] = count
   local now = self.recent[self.last]
   now[#now + 1] = address
   return count
end

return M
