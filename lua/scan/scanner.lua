--- Scanner of the chunks that are due.
---
--- The first read of a chunk shows no change: it becomes the baseline.

local chunks = require("scan.chunks")

---@class gbatrace.Scanner
---@field private schedule gbatrace.Chunk[][]
---@field private reader gbatrace.Reader
---@field private seen table<gbatrace.Chunk, boolean>
local Scanner = {}
Scanner.__index = Scanner

local M = {}

---@param schedule gbatrace.Chunk[][] from `scan.chunks`
---@param reader gbatrace.Reader
---@return gbatrace.Scanner
function M.new(schedule, reader)
   return setmetatable({ schedule = schedule, reader = reader, seen = {} }, Scanner)
end

--- Scan what is due at a position of the set.
---@param position integer from 0
---@param frame gbatrace.Frame takes the changes
---@return gbatrace.Chunk[] rebaselined chunks that were read for the first time
function Scanner:scan(position, frame)
   local reader, seen, rebaselined = self.reader, self.seen, {}
   for _, chunk in ipairs(self.schedule[position + 1]) do
      if seen[chunk] then
         local count = reader:scan(chunk, frame:blank())
         if count > 0 then
            frame:keep(chunk, count)
         end
      else
         reader:rebaseline(chunk)
         seen[chunk] = true
         rebaselined[#rebaselined + 1] = chunk
      end
   end
   return rebaselined
end

--- A chunk's words as last scanned.
---@param chunk gbatrace.Chunk
---@return string
function Scanner:image(chunk)
   return self.reader:image(chunk)
end

--- Every chunk that has been read, in the order in which a set scans them.
---@return gbatrace.Chunk[]
function Scanner:baseline()
   local found = {}
   for _, item in ipairs(chunks.in_order(self.schedule)) do
      if self.seen[item.chunk] then
         found[#found + 1] = item.chunk
      end
   end
   return found
end

--- Drop the baseline: the memory is another one now.
function Scanner:drop_baseline()
   self.seen = {}
end

return M
