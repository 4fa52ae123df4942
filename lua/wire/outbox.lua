--- Queue of frame sets that the daemon has not acknowledged, and of events between them.
---
--- While the link is live a set waits here for its acknowledgement with its frames as scanned. While it is down frames are encoded, previous
--- values included, ready to be sent again, and sets go to the spool on disk with the screenshot of their last frame. Those that the spool does
--- not take wait in memory; when more of them wait than the ring holds, the oldest is lost, and counted.

local frames = require("scan.frame")
local messages = require("wire.messages")

---@class gbatrace.PendingSet
---@field number integer as counted by the script
---@field frames (gbatrace.Frame|string)[]? a string is the body of a FRAME; nil once they are on disk, or lost
---@field rows string[] of the original's log, of the frames that are encoded
---@field interruption gbatrace.Interruption
---@field last_frame integer the emulator's frame counter
---@field last_time integer ms since the epoch
---@field has_screenshot boolean whether the spool has its screenshot
---@field undrawn boolean whether the emulator did not draw every frame
---@field offset integer? of its record in the spool's journal
---@field length integer? of that record
---@field lost boolean?

---@class gbatrace.PendingItem
---@field set gbatrace.PendingSet?
---@field event string? an event's body
---@field sent boolean? whether the event has been sent; it is not sent twice

---@class gbatrace.Outbox
---@field lost integer sets dropped because the ring was full
---@field sets integer complete sets in the queue
---@field private spool gbatrace.Spool
---@field private ring integer complete sets to keep in memory
---@field private in_memory integer complete sets whose frames are in memory
---@field private unsaved integer index of the oldest item that is not on disk
---@field private oldest_in_memory integer index of the oldest item that may have frames in memory
---@field private items table<integer, gbatrace.PendingItem>
---@field private first integer index of the oldest item
---@field private last integer index of the newest item
---@field private cursor integer index of the next item to send again
---@field private current gbatrace.PendingSet? the set in progress
---@field private spare gbatrace.Frame[] to be used again
local Outbox = {}
Outbox.__index = Outbox

local M = {}

---@param ring integer complete sets to keep in memory
---@param spool gbatrace.Spool
---@return gbatrace.Outbox
function M.new(ring, spool)
   return setmetatable({
      lost = 0,
      sets = 0,
      spool = spool,
      ring = ring,
      in_memory = 0,
      unsaved = 1,
      oldest_in_memory = 1,
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
      has_screenshot = false,
      undrawn = false,
   }
end

--- Add a frame to the set in progress. It belongs to the outbox from now on.
---@param frame gbatrace.Frame
---@param sent boolean whether it was sent to the daemon
function Outbox:add(frame, sent)
   local set = self.current
   set.frames[#set.frames + 1] = frame
   set.last_frame, set.last_time = frame.frame, frame.time
   if not sent then
      self:encode_frames(set)
   end
end

--- Encode the frames of a set, as far as they are not.
---@param set gbatrace.PendingSet
function Outbox:encode_frames(set)
   local with_rows = self.spool:is_open()
   for i, frame in ipairs(set.frames) do
      if type(frame) ~= "string" then
         if with_rows then
            set.rows[#set.rows + 1] = self.spool:rows(set.number, frame)
         end
         set.frames[i] = messages.frame_body(frame, true)
         self:recycle(frame)
      end
   end
end

---@param item gbatrace.PendingItem
function Outbox:push(item)
   self.last = self.last + 1
   self.items[self.last] = item
end

--- Drop the frames that a set has in memory.
---@param set gbatrace.PendingSet
function Outbox:drop_frames(set)
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
function Outbox:remove_oldest()
   local item = self.items[self.first]
   self.items[self.first] = nil
   self.first = self.first + 1
   self.cursor = math.max(self.cursor, self.first)
   self.unsaved = math.max(self.unsaved, self.first)
   local set = item.set
   if set then
      self.sets = set.lost and self.sets or self.sets - 1
      self:drop_frames(set)
      self.spool:release(set)
   end
end

--- End the set in progress.
---@param interruption gbatrace.Interruption
---@param sent boolean whether all of it was sent to the daemon
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
      self:save_to_disk(interruption == "" and set or nil)
   end
   self:enforce_ring_size()
end

--- Save what the daemon may not have: the link broke.
---@param number integer? of a set whose last frame is on the screen
function Outbox:disconnected(number)
   if not self.spool:is_open() then
      return
   end
   local on_screen
   for index = self.unsaved, self.last do
      local set = self.items[index].set
      if set and set.frames then
         self:encode_frames(set)
         on_screen = set.number == number and set or nil
      end
   end
   if self.current then
      self:encode_frames(self.current)
   end
   self:save_to_disk(on_screen)
end

--- Save all that is complete to disk.
---@param on_screen gbatrace.PendingSet? a set whose last frame is on the screen
function Outbox:save_to_disk(on_screen)
   if self.in_memory == 0 then
      return
   end
   if on_screen then
      on_screen.has_screenshot = self.spool:save_screenshot(on_screen.number)
   end
   local items = {}
   for index = self.unsaved, self.last do
      local item = self.items[index]
      if item.set and item.set.frames or item.event and not item.sent then
         items[#items + 1] = item
      end
   end
   if self.spool:save(items) then
      self.unsaved = self.last + 1
      for _, item in ipairs(items) do
         if item.set then
            self:drop_frames(item.set)
         end
      end
      if self.spool.permanent then
         self:drop_saved()
      end
   end
end

--- Drop all that is on disk, where it will not be sent from here.
function Outbox:drop_saved()
   for index = self.first, self.last do
      self.items[index] = nil
   end
   self.first, self.cursor = self.last + 1, self.last + 1
end

--- Drop the oldest sets that are in memory when they are too many.
function Outbox:enforce_ring_size()
   local index = math.max(self.oldest_in_memory, self.unsaved)
   while self.in_memory > self.ring do
      local set = self.items[index].set
      if set and set.frames then
         set.lost = true
         self.lost, self.sets = self.lost + 1, self.sets - 1
         self:drop_frames(set)
      end
      index = index + 1
   end
   self.oldest_in_memory = index
   while self.first < index do
      local item = self.items[self.first]
      if item.set and item.set.offset then
         return
      end
      self:remove_oldest()
   end
end

--- Keep an event that cannot be sent now.
---@param event string its body
function Outbox:add_event(event)
   self:push({ event = event })
end

--- Remove everything up to a set: the daemon has it.
---@param number integer
function Outbox:release(number)
   while self.first <= self.last do
      local item = self.items[self.first]
      local done = item.sent or item.set and item.set.number <= number
      if not done then
         return
      end
      self:remove_oldest()
   end
end

--- Number of the oldest set in the queue or in progress.
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

--- Send again from the oldest item on.
function Outbox:resend_all()
   self.cursor = self.first
end

--- Return whether every waiting frame set has been sent again.
---@return boolean
function Outbox:all_sent()
   return self.cursor > self.last
end

--- The next set or event to send again.
---@return gbatrace.PendingSet?
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
      elseif item.event and not item.sent then
         item.sent = true
         return nil, item.event
      end
   end
end

--- The encoded frames of a set.
---@param set gbatrace.PendingSet
---@return string[]? bodies nil if they are lost
function Outbox:bodies(set)
   if set.frames then
      self:encode_frames(set)
      return set.frames --[[@as string[] ]]
   end
   return self.spool:frames(set)
end

--- Queue what an earlier run left in a journal.
---@param contents gbatrace.JournalContents
function Outbox:take_over(contents)
   for _, item in ipairs(contents.items) do
      self:push(item)
   end
   self.sets, self.unsaved = self.sets + contents.sets, self.last + 1
end

--- Number of frame sets in a sentence for the player.
---@param sets integer
---@return string
function M.counted(sets)
   return sets == 1 and "1 frame set" or sets .. " frame sets"
end

return M
