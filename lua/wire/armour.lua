--- Armour: bytes in a form that survives BizHawk, which decodes what a script sends as UTF-8.
---
--- Each byte from 0x80 up travels as the two-byte UTF-8 form of the code point with that number. Armouring goes byte by byte, so
--- armour(a .. b) is armour(a) .. armour(b).
---
--- Columns of changes are written in armour at once, from a table of the 256 armoured bytes. It takes less time than packing the numbers and
--- armouring the result, and makes nothing but the column.

local gsub = string.gsub

local M = {}

---@type table<string, string>
local ARMOURED = {}
---@type table<string, string>
local BARE = {}
for code = 0x80, 0xFF do
   ARMOURED[string.char(code)] = utf8.char(code)
   BARE[utf8.char(code)] = string.char(code)
end

---@param bytes string
---@return string
function M.armour(bytes)
   return (gsub(bytes, "[\x80-\xFF]", ARMOURED))
end

---@param payload string as `armour` wrote it
---@return string
function M.unarmour(payload)
   return (gsub(payload, "[\xC2\xC3][\x80-\xBF]", BARE))
end

--- Each byte in armour.
---@type table<integer, string>
local BYTES = {}
for code = 0x00, 0xFF do
   BYTES[code] = M.armour(string.char(code))
end

--- Numbers that one concatenation joins: long ones are cheap, because Lua interns short strings only.
local RUN = 16

local SOURCE = [[
local bytes = ...
local unpack, concat = table.unpack, table.concat
local pieces = {}
return function(numbers, count)
   local bytes, pieces = bytes, pieces
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
   return assert(load((SOURCE:gsub("%u%u%u+", words)), "=column", "t"))(BYTES)
end

--- A column of 16-bit numbers, armoured.
M.column_16 = compile("bytes[number & 0xFF] .. bytes[number >> 8]")

--- A column of 32-bit numbers, armoured.
M.column_32 = compile("bytes[number & 0xFF] .. bytes[number >> 8 & 0xFF] .. bytes[number >> 16 & 0xFF] .. bytes[number >> 24]")

return M
