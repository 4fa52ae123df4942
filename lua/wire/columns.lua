--- Columns of changes, written in armour at once: a column is a run of 16-bit halves, and there are only 65,536 armoured halves.
--- Looking them up is several times cheaper than packing the words and armouring the result.

local armour = require("wire.armour").armour
local pack, concat = string.pack, table.concat

local M = {}

--- Armoured little-endian form of each 16-bit number, made when first needed.
---@type table<integer, string>
local HALVES = setmetatable({}, {
   __index = function(halves, number)
      local half = armour(pack("<I2", number))
      halves[number] = half
      return half
   end,
})

---@type string[]
local pieces = {}

--- A column of 16-bit numbers.
---@param numbers integer[]
---@param count integer
---@return string armoured
function M.halves(numbers, count)
   local halves, part = HALVES, pieces
   local filled, i = 0, 1
   while i + 7 <= count do
      filled = filled + 1
      part[filled] = halves[numbers[i]]
         .. halves[numbers[i + 1]]
         .. halves[numbers[i + 2]]
         .. halves[numbers[i + 3]]
         .. halves[numbers[i + 4]]
         .. halves[numbers[i + 5]]
         .. halves[numbers[i + 6]]
         .. halves[numbers[i + 7]]
      i = i + 8
   end
   for rest = i, count do
      filled = filled + 1
      part[filled] = halves[numbers[rest]]
   end
   return concat(part, "", 1, filled)
end

--- A column of 32-bit numbers.
---@param numbers integer[]
---@param count integer
---@return string armoured
function M.words(numbers, count)
   local halves, part = HALVES, pieces
   local filled, i = 0, 1
   while i + 3 <= count do
      local a, b, c, d = numbers[i], numbers[i + 1], numbers[i + 2], numbers[i + 3]
      filled = filled + 1
      part[filled] = halves[a & 0xFFFF]
         .. halves[a >> 16]
         .. halves[b & 0xFFFF]
         .. halves[b >> 16]
         .. halves[c & 0xFFFF]
         .. halves[c >> 16]
         .. halves[d & 0xFFFF]
         .. halves[d >> 16]
      i = i + 4
   end
   for rest = i, count do
      local number = numbers[rest]
      filled = filled + 1
      part[filled] = halves[number & 0xFFFF] .. halves[number >> 16]
   end
   return concat(part, "", 1, filled)
end

return M
