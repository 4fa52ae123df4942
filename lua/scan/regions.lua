--- How regions are split into chunks. Specification: `protocol/README.md`, Regions, chunks and the schedule.

local M = {}

M.WORD_BYTES = 4

--- A run of words that is scanned at once.
---@class gbatrace.Chunk
---@field region integer index of its region, from 0
---@field number integer its place in the region, from 0
---@field domain string memory domain that holds it
---@field address integer of its first byte, in the domain
---@field bytes integer
---@field words integer

--- Cut a region: as its `chunk_sizes` say, else all chunks but the last equal and rounded up to whole words, the last with the rest.
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
   local chunks, address = {}, region.offset
   for i, bytes in ipairs(sizes) do
      chunks[i] = {
         region = index,
         number = i - 1,
         domain = region.domain,
         address = address,
         bytes = bytes,
         words = bytes // M.WORD_BYTES,
      }
      address = address + bytes
   end
   return chunks
end

return M
