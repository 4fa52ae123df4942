--- Chunks of regions, and the schedule that scans them.
---
--- Specification: `protocol/README.md`, Regions, chunks and the schedule.

local M = {}

M.WORD_BYTES = 4

--- A run of words that is scanned at once.
---@class gbatrace.Chunk
---@field region integer index of its region, from 0
---@field number integer its place in the region, from 0
---@field domain string memory domain that holds it
---@field base integer bus address of its first byte
---@field address integer of its first byte, in the domain
---@field bytes integer
---@field words integer

--- Sizes of a region's chunks: its `chunk_sizes`, else all but the last equal and rounded up to whole words, the last with the rest.
---@param region gbatrace.Region
---@param count integer how many chunks
---@return integer[]? sizes bytes of each chunk; nil if the region is too small for so many
function M.chunk_sizes(region, count)
   if region.chunk_sizes then
      return region.chunk_sizes
   end
   local words = region.size // M.WORD_BYTES
   local most = (words + count - 1) // count
   local sizes = {}
   for number = 0, count - 1 do
      local mine = math.min(most, words - number * most)
      if mine < 1 then
         return nil
      end
      sizes[number + 1] = mine * M.WORD_BYTES
   end
   return sizes
end

--- Split a region into its chunks.
---@param region gbatrace.Region
---@param index integer of the region, from 0
---@param count integer how many chunks
---@return gbatrace.Chunk[]? chunks nil if the region is too small for so many
function M.split(region, index, count)
   local sizes = M.chunk_sizes(region, count)
   if not sizes then
      return nil
   end
   local chunks, start = {}, 0
   for i, bytes in ipairs(sizes) do
      chunks[i] = {
         region = index,
         number = i - 1,
         domain = region.domain,
         base = region.base + start,
         address = (region.offset or 0) + start,
         bytes = bytes,
         words = bytes // M.WORD_BYTES,
      }
      start = start + bytes
   end
   return chunks
end

--- Schedule by scan mode: whether chunk `number` of each region is scanned at frame `position` of a set.
---@type table<gbatrace.ScanMode, fun(number: integer, position: integer, frames_per_set: integer): boolean>
local SCANNED = {
   chunked = function(number, position)
      return number == position
   end,
   atomic = function(_, position, frames_per_set)
      return position == frames_per_set - 1
   end,
   full = function()
      return true
   end,
}

--- The chunks to scan at each position of a set, region by region: `schedule[position + 1]`.
---@param regions gbatrace.Region[] each large enough for as many chunks as frames
---@param frames_per_set integer
---@param mode gbatrace.ScanMode
---@return gbatrace.Chunk[][]
function M.schedule(regions, frames_per_set, mode)
   local scanned = SCANNED[mode]
   local schedule = {}
   for position = 1, frames_per_set do
      schedule[position] = {}
   end
   for index, region in ipairs(regions) do
      local chunks = M.split(region, index - 1, frames_per_set)
      for position, due in ipairs(schedule) do
         for _, chunk in ipairs(chunks) do
            if scanned(chunk.number, position - 1, frames_per_set) then
               due[#due + 1] = chunk
            end
         end
      end
   end
   return schedule
end

--- Every chunk of a schedule once, with the first position that scans it, in that order.
---@param schedule gbatrace.Chunk[][]
---@return { chunk: gbatrace.Chunk, position: integer }[]
function M.in_order(schedule)
   local found, listed = {}, {}
   for position, due in ipairs(schedule) do
      for _, chunk in ipairs(due) do
         if not listed[chunk] then
            listed[chunk] = true
            found[#found + 1] = { chunk = chunk, position = position - 1 }
         end
      end
   end
   return found
end

return M
