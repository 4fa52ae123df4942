--- Scans the chunks that are due. The first sight of a chunk is no change; it becomes the baseline.

---@class gbatrace.Scanner
---@field private schedule gbatrace.Chunk[][]
---@field private reader gbatrace.Reader
---@field private seen table<gbatrace.Chunk, boolean>
local Scanner = {}
Scanner.__index = Scanner

local M = {}

---@param schedule gbatrace.Chunk[][] from `scan.schedule`
---@param reader gbatrace.Reader
---@return gbatrace.Scanner
function M.new(schedule, reader)
   return setmetatable({ schedule = schedule, reader = reader, seen = {} }, Scanner)
end

--- Scan what is due at a position of the set.
---@param position integer from 0
---@param frame gbatrace.Frame takes the changes
---@return gbatrace.Chunk[] sighted chunks that were seen for the first time
function Scanner:scan(position, frame)
   local reader, seen, sighted = self.reader, self.seen, {}
   for _, chunk in ipairs(self.schedule[position + 1]) do
      if seen[chunk] then
         local count = reader:scan(chunk, frame:blank())
         if count > 0 then
            frame:keep(chunk, count)
         end
      else
         reader:sight(chunk)
         seen[chunk] = true
         sighted[#sighted + 1] = chunk
      end
   end
   return sighted
end

--- A chunk's words as last scanned.
---@param chunk gbatrace.Chunk
---@return string
function Scanner:image(chunk)
   return self.reader:image(chunk)
end

--- Every chunk that has been seen, in the order in which a set scans them.
---@return gbatrace.Chunk[]
function Scanner:baseline()
   local chunks, listed = {}, {}
   for _, due in ipairs(self.schedule) do
      for _, chunk in ipairs(due) do
         if self.seen[chunk] and not listed[chunk] then
            listed[chunk] = true
            chunks[#chunks + 1] = chunk
         end
      end
   end
   return chunks
end

--- Drop the baseline: the memory is another one now.
function Scanner:forget()
   self.seen = {}
end

return M
