--- Rows of the original's log: `timestamp,region,frame,address,prev_val,curr_val,freq,pc,key_history,current_keys,frame_set_id,chunk_id`.
---
--- `freq` counts from the first frame that was written, so it is too low in the first hundred frames of an outage and exact after them.

local frequencies = require("offline.frequency")
local regions = require("scan.regions")

---@class gbatrace.CsvLog
---@field private regions gbatrace.Region[]
---@field private bases table<integer, integer[]> bus address of each chunk's first byte, by region and chunk
---@field private frequency gbatrace.Frequency
local CsvLog = {}
CsvLog.__index = CsvLog

local M = {}

---@param areas gbatrace.Region[]
---@param frames_per_set integer
---@return gbatrace.CsvLog
function M.new(areas, frames_per_set)
   local bases = {}
   for index, area in ipairs(areas) do
      local starts, address = {}, area.base
      for i, bytes in ipairs(regions.chunk_sizes(area, frames_per_set)) do
         starts[i - 1] = address
         address = address + bytes
      end
      bases[index - 1] = starts
   end
   return setmetatable({ regions = areas, bases = bases, frequency = frequencies.new() }, CsvLog)
end

--- The rows of a frame. Frames come in their order.
---@param number integer frame set id
---@param frame gbatrace.Frame with its columns
---@return string
function CsvLog:rows(number, frame)
   local frequency = self.frequency
   frequency:come_to(frame.frame)
   local rows, filled, format = {}, 0, string.format
   for i = 1, frame.count do
      local changes = frame.changes[i]
      local address = self.bases[changes.region][changes.chunk]
      local head = format("%d,%s,%d,%%08X,%%08X,%%08X,%%d,", frame.time, self.regions[changes.region + 1].name, frame.frame)
      local tail = format("%08X,%s,%s,%d,%d\n", frame.pc, frame.history, frame.combination, number, changes.chunk)
      local row = head .. tail
      local gaps, current, previous = changes.gaps, changes.current, changes.previous
      for j = 1, changes.count do
         address = address + gaps[j] * regions.WORD_BYTES
         filled = filled + 1
         rows[filled] = format(row, address, previous[j], current[j], frequency:count(address))
      end
   end
   return table.concat(rows)
end

return M
