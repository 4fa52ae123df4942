--- Clock in milliseconds, made of the computer's whole seconds and counted frames.
---
--- Lua offers whole seconds only (`os.time`). Between two ticks the time is estimated from the frame rate of the last full second, which
--- is right to a few milliseconds at steady speed and catches up at every tick. It never runs backwards: when the computer's clock is set
--- back, the estimate goes on from where it was.

local gba = require("scan.gba")

---@class gbatrace.Clock
---@field private second integer? of the last tick
---@field private frames integer seen in this second
---@field private rate integer frames in the last full second; at first the console's own rate
---@field private whole boolean whether this second was seen from its start
---@field private ahead integer seconds by which the computer's clock was set back since the start
---@field private last integer the last answer
local Clock = {}
Clock.__index = Clock

local M = {}

---@return gbatrace.Clock
function M.new()
   return setmetatable({ frames = 0, rate = gba.FRAME_RATE, whole = false, ahead = 0, last = 0 }, Clock)
end

--- Call once a frame.
---@param seconds integer whole seconds since the epoch
---@return integer milliseconds since the epoch
function Clock:on_frame(seconds)
   local now = seconds + self.ahead
   local second = self.second
   if second and now < second then
      self.ahead = self.ahead + second - now
      now = second
   end
   if now == second then
      self.frames = self.frames + 1
   else
      if second and now == second + 1 and self.whole then
         self.rate = self.frames + 1
      end
      self.whole = second ~= nil
      self.second, self.frames = now, 0
   end
   local estimate = now * 1000 + math.min(999, self.frames * 1000 // self.rate)
   self.last = math.max(self.last, estimate)
   return self.last
end

return M
