--- Frame sets that the daemon has not acknowledged, in order, with the events that could not be sent between them.
---
--- While the link is live a set waits here for its acknowledgement with its frames as scanned. While it is down frames are kept written
--- out, previous values included, ready to be sent again. When more sets wait than the ring holds, the oldest is lost, and counted.

local frames = require("scan.frame")

---@class gbatrace.HeldSet
---@field number integer as counted by the script
---@field frames (gbatrace.Frame|string)[] a string is a frame's body, written out
---@field interruption gbatrace.Interruption

---@class gbatrace.HeldItem
---@field set gbatrace.HeldSet?
---@field event string? an event's body
---@field told boolean? whether the event has been sent; it is not sent twice

---@class gbatrace.Outbox
---@field lost integer sets dropped because the ring was full
---@field sets integer complete sets held
---@field private ring integer
---@field private items table<integer, gbatrace.HeldItem>
---@field private first integer index of the oldest item
---@field private last integer index of the newest item
---@field private cursor integer index of the next item to send again
---@field private current gbatrace.HeldSet? the set in progress
---@field private spare gbatrace.Frame[]
local Outbox = {}
Outbox.__index = Outbox

local M = {}

---@param ring integer complete sets to hold
---@return gbatrace.Outbox
function M.new(ring)
   return setmetatable({ lost = 0, sets = 0, ring = ring, items = {}, first = 1, last = 0, cursor = 1, spare = {} }, Outbox)
end

--- A frame to fill.
---@return gbatrace.Frame
function Outbox:blank_frame()
   local spare = self.spare
   local frame = spare[#spare]
   if not frame then
      return frames.new()
   end
   spare[#spare] = nil
   frame:clear()
   return frame
end

--- Give back a frame that is no longer needed.
---@param frame gbatrace.Frame
function Outbox:recycle(frame)
   self.spare[#self.spare + 1] = frame
end

--- Begin a set.
---@param number integer
function Outbox:begin_set(number)
   self.current = { number = number, frames = {}, interruption = "" }
end

--- Add a frame, or its body, to the set in progress.
---@param frame gbatrace.Frame|string
function Outbox:add(frame)
   local held = self.current.frames
   held[#held + 1] = frame
end

---@param item gbatrace.HeldItem
function Outbox:push(item)
   self.last = self.last + 1
   self.items[self.last] = item
end

--- Take the oldest item out.
function Outbox:shift()
   local item = self.items[self.first]
   self.items[self.first] = nil
   self.first = self.first + 1
   self.cursor = math.max(self.cursor, self.first)
   if item.set then
      self.sets = self.sets - 1
      for _, frame in ipairs(item.set.frames) do
         if type(frame) ~= "string" then
            self:recycle(frame)
         end
      end
   end
end

--- The set in progress is over.
---@param interruption gbatrace.Interruption
---@param sent boolean whether the daemon has been told all of it
function Outbox:end_set(interruption, sent)
   local set = self.current
   self.current = nil
   set.interruption = interruption
   self:push({ set = set })
   self.sets = self.sets + 1
   if sent then
      self.cursor = self.last + 1
   end
   while self.sets > self.ring do
      if self.items[self.first].set then
         self.lost = self.lost + 1
      end
      self:shift()
   end
end

--- Hold an event that can not be sent now.
---@param event string its body
function Outbox:add_event(event)
   self:push({ event = event })
end

--- Let go of everything up to a set: the daemon has it.
---@param number integer
function Outbox:release(number)
   while self.first <= self.last do
      local item = self.items[self.first]
      local done = item.told or item.set and item.set.number <= number
      if not done then
         return
      end
      self:shift()
   end
end

--- Number of the oldest set that is held or in progress.
---@return integer?
function Outbox:oldest()
   for index = self.first, self.last do
      local set = self.items[index].set
      if set then
         return set.number
      end
   end
   return self.current and self.current.number
end

--- Begin to send again from the oldest item.
function Outbox:rewind()
   self.cursor = self.first
end

--- Whether nothing is left to send again.
---@return boolean
function Outbox:all_sent()
   return self.cursor > self.last
end

--- The next set or event to send again.
---@return gbatrace.HeldSet?
---@return string? event's body, instead of a set
function Outbox:next()
   while true do
      local item = self.items[self.cursor]
      if not item then
         return nil
      end
      self.cursor = self.cursor + 1
      if item.set then
         return item.set
      elseif not item.told then
         item.told = true
         return nil, item.event
      end
   end
end

return M
