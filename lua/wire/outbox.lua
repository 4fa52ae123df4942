--- Frame sets that the daemon has not acknowledged, in order, with the events that could not be sent between them.
---
--- While the link is live a set waits here for its acknowledgement with its frames as scanned. While it is down frames are written out,
--- previous values included, ready to be sent again, and sets go to the spool on disk with the picture of their last frame. Those that the
--- spool does not take wait in memory; when more of them wait than the ring holds, the oldest is lost, and counted.

local frames = require("scan.frame")
local messages = require("wire.messages")

---@class gbatrace.HeldSet
---@field number integer as counted by the script
---@field frames (gbatrace.Frame|string)[]? a string is a frame's body, written out; nil once they are on disk, or lost
---@field rows string[] of the original's log, as far as they are written out
---@field interruption gbatrace.Interruption
---@field last_frame integer the emulator's frame counter
---@field last_time integer ms since the epoch
---@field pictured boolean whether the spool has its picture
---@field undrawn boolean whether the emulator did not draw every frame
---@field place integer? of its record in the spool
---@field length integer? of that record
---@field lost boolean?

---@class gbatrace.HeldItem
---@field set gbatrace.HeldSet?
---@field event string? an event's body
---@field told boolean? whether the event has been sent; it is not sent twice

---@class gbatrace.Outbox
---@field lost integer sets dropped because the ring was full
---@field sets integer complete sets held
---@field private spool gbatrace.Spool
---@field private ring integer
---@field private in_memory integer complete sets that hold their frames
---@field private unkept integer index of the oldest item that is not on disk
---@field private unlost integer index of the oldest item that may have frames in memory
---@field private items table<integer, gbatrace.HeldItem>
---@field private first integer index of the oldest item
---@field private last integer index of the newest item
---@field private cursor integer index of the next item to send again
---@field private current gbatrace.HeldSet? the set in progress
---@field private spare gbatrace.Frame[]
local Outbox = {}
Outbox.__index = Outbox

local M = {}

---@param ring integer complete sets to hold in memory
---@param spool gbatrace.Spool
---@return gbatrace.Outbox
function M.new(ring, spool)
   return setmetatable({
      lost = 0,
      sets = 0,
      spool = spool,
      ring = ring,
      in_memory = 0,
      unkept = 1,
      unlost = 1,
      items = {},
      first = 1,
      last = 0,
      cursor = 1,
      spare = {},
   }, Outbox)
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
   self.current = {
      number = number,
      frames = {},
      rows = {},
      interruption = "",
      last_frame = 0,
      last_time = 0,
      pictured = false,
      undrawn = false,
   }
end

--- Add a frame to the set in progress. It belongs to the outbox from now on.
---@param frame gbatrace.Frame
---@param sent boolean whether the daemon has been told
function Outbox:add(frame, sent)
   local set = self.current
   local held = set.frames
   held[#held + 1] = frame
   set.last_frame, set.last_time = frame.frame, frame.time
   if not sent then
      self:write_out(set)
   end
end

--- Write the frames of a set out, as far as they are not.
---@param set gbatrace.HeldSet
function Outbox:write_out(set)
   local spools = self.spool:is_open()
   for i, frame in ipairs(set.frames) do
      if type(frame) ~= "string" then
         if spools then
            set.rows[#set.rows + 1] = self.spool:rows(set.number, frame)
         end
         set.frames[i] = messages.frame_body(frame, true)
         self:recycle(frame)
      end
   end
end

---@param item gbatrace.HeldItem
function Outbox:push(item)
   self.last = self.last + 1
   self.items[self.last] = item
end

--- Let go of the frames that a set has in memory.
---@param set gbatrace.HeldSet
function Outbox:forget_frames(set)
   for _, frame in ipairs(set.frames or {}) do
      if type(frame) ~= "string" then
         self:recycle(frame)
      end
   end
   if set.frames then
      self.in_memory = self.in_memory - 1
   end
   set.frames, set.rows = nil, {}
end

--- Take the oldest item out.
function Outbox:shift()
   local item = self.items[self.first]
   self.items[self.first] = nil
   self.first = self.first + 1
   self.cursor = math.max(self.cursor, self.first)
   self.unkept = math.max(self.unkept, self.first)
   local set = item.set
   if set then
      self.sets = set.lost and self.sets or self.sets - 1
      self:forget_frames(set)
      self.spool:release(set)
   end
end

--- The set in progress is over.
---@param interruption gbatrace.Interruption
---@param sent boolean whether the daemon has been told all of it
---@param undrawn boolean whether the emulator did not draw every frame
function Outbox:end_set(interruption, sent, undrawn)
   local set = self.current
   self.current = nil
   set.interruption, set.undrawn = interruption, undrawn
   self:push({ set = set })
   self.sets, self.in_memory = self.sets + 1, self.in_memory + 1
   if sent then
      self.cursor = self.last + 1
   else
      self:keep_on_disk(interruption == "" and set or nil)
   end
   self:keep_to_the_ring()
end

--- The link broke. What the daemon may not have is written out.
---@param number integer? of a set whose last frame is on the screen
function Outbox:disconnected(number)
   if not self.spool:is_open() then
      return
   end
   local on_screen
   for index = self.unkept, self.last do
      local set = self.items[index].set
      if set and set.frames then
         self:write_out(set)
         on_screen = set.number == number and set or nil
      end
   end
   if self.current then
      self:write_out(self.current)
   end
   self:keep_on_disk(on_screen)
end

--- Put all that is complete on disk.
---@param on_screen gbatrace.HeldSet? a set whose last frame is on the screen
function Outbox:keep_on_disk(on_screen)
   if self.in_memory == 0 then
      return
   end
   if on_screen then
      on_screen.pictured = self.spool:picture(on_screen.number)
   end
   local items = {}
   for index = self.unkept, self.last do
      local item = self.items[index]
      if item.set and item.set.frames or item.event and not item.told then
         items[#items + 1] = item
      end
   end
   if self.spool:keep(items) then
      self.unkept = self.last + 1
      for _, item in ipairs(items) do
         if item.set then
            self:forget_frames(item.set)
         end
      end
      if self.spool.for_good then
         self:file_away()
      end
   end
end

--- Let go of all that is on disk, where nobody will send it from here.
function Outbox:file_away()
   for index = self.first, self.last do
      self.items[index] = nil
   end
   self.first, self.cursor = self.last + 1, self.last + 1
end

--- Drop the oldest sets that are in memory when they are too many.
function Outbox:keep_to_the_ring()
   local index = math.max(self.unlost, self.unkept)
   while self.in_memory > self.ring do
      local set = self.items[index].set
      if set and set.frames then
         set.lost = true
         self.lost, self.sets = self.lost + 1, self.sets - 1
         self:forget_frames(set)
      end
      index = index + 1
   end
   self.unlost = index
   while self.first < index do
      local item = self.items[self.first]
      if item.set and item.set.place then
         return
      end
      self:shift()
   end
end

--- Hold an event that cannot be sent now.
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
      local set = item.set
      if set and not set.lost then
         return set
      elseif item.event and not item.told then
         item.told = true
         return nil, item.event
      end
   end
end

--- The frames of a set, written out.
---@param set gbatrace.HeldSet
---@return string[]? bodies nil if they are lost
function Outbox:bodies(set)
   if set.frames then
      self:write_out(set)
      return set.frames --[[@as string[] ]]
   end
   return self.spool:frames(set)
end

--- The picture of a set.
---@param set gbatrace.HeldSet
---@return string? png
function Outbox:png(set)
   return self.spool:png(set)
end

--- Take in what an earlier run left behind.
---@param remains gbatrace.Remains
function Outbox:adopt(remains)
   for _, item in ipairs(remains.items) do
      self:push(item)
   end
   self.sets, self.unkept = self.sets + remains.sets, self.last + 1
end

return M
