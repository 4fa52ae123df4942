--- Columns of changes, written in armour at once: a column is a run of 16-bit halves, and there are only 65,536 armoured halves. Looking them
--- up is about three times as fast as packing the numbers and armouring the result.

local armour = require("wire.armour").armour
local pack = string.pack

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

--- Numbers that one concatenation joins: long ones are cheap, because Lua interns short strings only.
local RUN = 16

local SOURCE = [[
local halves = ...
local unpack, concat = table.unpack, table.concat
local pieces = {}
return function(numbers, count)
   local halves, pieces = halves, pieces
   local filled, first = 0, 1
   while first + RUN - 1 <= count do
      local NUMBERS = unpack(numbers, first, first + RUN - 1)
      filled = filled + 1
      pieces[filled] = JOINED
      first = first + RUN
   end
   for i = first, count do
      local number = numbers[i]
      filled = filled + 1
      pieces[filled] = PIECE
   end
   return concat(pieces, "", 1, filled)
end
]]

--- Write the code that writes a column.
---@param piece string expression of `number` in armour
---@return fun(numbers: integer[], count: integer): string
local function compile(piece)
   local names, pieces = {}, {}
   for i = 1, RUN do
      names[i] = "n" .. i
      pieces[i] = piece:gsub("number", names[i])
   end
   local words = {
      RUN = RUN,
      NUMBERS = table.concat(names, ", "),
      JOINED = table.concat(pieces, " .. "),
      PIECE = piece,
   }
   return assert(load((SOURCE:gsub("%u%u%u+", words)), "=column", "t"))(HALVES)
end

--- A column of 16-bit numbers, armoured.
M.halves = compile("halves[number]")

--- A column of 32-bit numbers, armoured.
M.words = compile("halves[number & 0xFFFF] .. halves[number >> 16]")

return M
