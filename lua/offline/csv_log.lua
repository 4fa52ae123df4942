--- Rows of the original tool's CSV log.
---
--- Columns: `timestamp,region,frame,address,prev_val,curr_val,freq,pc,key_history,current_keys,frame_set_id,chunk_id`.
---
--- `freq` is how often an address changed in the last hundred frames. It counts from the first frame that was written, so it is too low in
--- the first hundred frames of an outage and exact after them.

local chunks = require("scan.chunks")

local M = {}

---@class gbatrace.Frequency
---@field private counts table<integer, integer> by address
---@field private recent table<integer, integer[]> addresses that changed, by frame
---@field private first integer? oldest frame that counts
---@field private last integer? newest frame
local Frequency = {}
Frequency.__index = Frequency

--- Frames over which changes are counted, the current one included.
local WINDOW = 100

---@return gbatrace.Frequency
function M.new_frequency()
   return setmetatable({ counts = {}, recent = {} }, Frequency)
end

--- Go to a frame. Counts begin again from 0 where frame numbers jump.
---@param frame integer
function Frequency:begin_frame(frame)
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

--- Count a change in that frame.
---@param address integer
---@return integer changes within the window, this one included
function Frequency:count(address)
   local count = (self.counts[address] or 0) + 1
   self.counts[address] = count
   local now = self.recent[self.last]
   now[#now + 1] = address
   return count
end

---@class gbatrace.CsvLog
---@field private regions gbatrace.Region[]
---@field private chunks gbatrace.Chunk[][] by region
---@field private frequency gbatrace.Frequency
local CsvLog = {}
CsvLog.__index = CsvLog

---@param regions gbatrace.Region[]
---@param frames_per_set integer
---@return gbatrace.CsvLog
function M.new(regions, frames_per_set)
   local by_region = {}
   for i, region in ipairs(regions) do
      by_region[i] = chunks.split(region, i - 1, frames_per_set)
   end
   return setmetatable({ regions = regions, chunks = by_region, frequency = M.new_frequency() }, CsvLog)
end

--- The rows of a frame. Frames come in their order.
---@param number integer frame set id
---@param frame gbatrace.Frame with its columns
---@return string
function CsvLog:rows(number, frame)
   local frequency = self.frequency
   frequency:begin_frame(frame.frame)
   local rows, filled, format = {}, 0, string.format
   for i = 1, frame.count do
      local changes = frame.changes[i]
      local region = changes.region + 1
      local address = self.chunks[region][changes.chunk + 1].base
      local head = format("%d,%s,%d,%%08X,%%08X,%%08X,%%d,", frame.time, self.regions[region].name, frame.frame)
      local tail = format("%08X,%s,%s,%d,%d\n", frame.pc, frame.history, frame.combination, number, changes.chunk)
      local row = head .. tail
      local gaps, current, previous = changes.gaps, changes.current, changes.previous
      for j = 1, changes.count do
         address = address + gaps[j] * chunks.WORD_BYTES
         filled = filled + 1
         rows[filled] = format(row, address, previous[j], current[j], frequency:count(address))
      end
   end
   return table.concat(rows)
end

return M
