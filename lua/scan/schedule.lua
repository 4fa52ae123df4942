--- Which chunks are scanned at which frame of a set. Specification: `protocol/README.md`, Regions, chunks and the schedule.

local regions = require("scan.regions")

local M = {}

--- Whether chunk `number` of each region is scanned at `position`, by scan mode.
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
---@param areas gbatrace.Region[] each large enough for as many chunks as frames
---@param frames_per_set integer
---@param mode gbatrace.ScanMode
---@return gbatrace.Chunk[][]
function M.build(areas, frames_per_set, mode)
   local scanned = SCANNED[mode]
   local schedule = {}
   for position = 1, frames_per_set do
      schedule[position] = {}
   end
   for index, area in ipairs(areas) do
      local chunks = regions.split(area, index - 1, frames_per_set)
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

return M
