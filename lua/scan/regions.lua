--- How regions are split into chunks. The law: `protocol/README.md`, Regions, chunks and the schedule.

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

--- Split a region: all chunks but the last equal and rounded up to whole words, the last with the rest.
---@param region gbatrace.Region
---@param index integer of the region, from 0
---@param count integer how many chunks
---@return gbatrace.Chunk[]? chunks nil if the region is too small for so many
function M.split(region, index, count)
   local words = region.size // M.WORD_BYTES
   local most = (words + count - 1) // count
   local chunks = {}
   for number = 0, count - 1 do
      local mine = math.min(most, words - number * most)
      if mine < 1 then
         return nil
      end
      chunks[number + 1] = {
         region = index,
         number = number,
         domain = region.domain,
         address = region.offset + number * most * M.WORD_BYTES,
         bytes = mine * M.WORD_BYTES,
         words = mine,
      }
   end
   return chunks
end

return M
