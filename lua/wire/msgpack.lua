--- MessagePack codec for the types that the link uses.
---
--- These are nil, booleans, integers, floats, text, bytes, arrays and maps, each in its shortest form. The format:
--- https://github.com/msgpack/msgpack/blob/master/spec.md

local char, pack, unpack, byte, sub = string.char, string.pack, string.unpack, string.byte, string.sub
local concat = table.concat

local M = {}

local Array, Map = {}, {}

--- Mark a sequence as an array, also when it is empty.
---@param items any[]
---@return any[]
function M.array(items)
   return setmetatable(items, Array)
end

--- Mark a sequence as a map whose keys keep their order: `map { "a", 1, "b", 2 }`. Values may not be nil.
---@param pairs_in_order any[] keys and values in turn
---@return any[]
function M.map(pairs_in_order)
   return setmetatable(pairs_in_order, Map)
end

---@param value integer not negative
---@return string
local function uint(value)
   if value < 0x80 then
      return char(value)
   elseif value < 0x100 then
      return char(0xCC, value)
   elseif value < 0x10000 then
      return pack(">BI2", 0xCD, value)
   elseif value < 0x100000000 then
      return pack(">BI4", 0xCE, value)
   end
   return pack(">BI8", 0xCF, value)
end
M.uint = uint

---@param value integer
---@return string
local function int(value)
   if value >= 0 then
      return uint(value)
   elseif value >= -0x20 then
      return char(value & 0xFF)
   elseif value >= -0x80 then
      return pack(">Bi1", 0xD0, value)
   elseif value >= -0x8000 then
      return pack(">Bi2", 0xD1, value)
   elseif value >= -0x80000000 then
      return pack(">Bi4", 0xD2, value)
   end
   return pack(">Bi8", 0xD3, value)
end

---@param text string UTF-8
---@return string
local function str(text)
   local length = #text
   if length < 0x20 then
      return char(0xA0 | length) .. text
   elseif length < 0x100 then
      return char(0xD9, length) .. text
   elseif length < 0x10000 then
      return pack(">BI2", 0xDA, length) .. text
   end
   return pack(">BI4", 0xDB, length) .. text
end
M.str = str

--- The header of a `bin`, which precedes its bytes.
---@param length integer
---@return string
local function bin_header(length)
   if length < 0x100 then
      return char(0xC4, length)
   elseif length < 0x10000 then
      return pack(">BI2", 0xC5, length)
   end
   return pack(">BI4", 0xC6, length)
end
M.bin_header = bin_header

--- The header of an array, which precedes its items.
---@param count integer
---@return string
local function array_header(count)
   if count < 0x10 then
      return char(0x90 | count)
   elseif count < 0x10000 then
      return pack(">BI2", 0xDC, count)
   end
   return pack(">BI4", 0xDD, count)
end
M.array_header = array_header

--- The header of a map, which precedes its keys and values.
---@param count integer pairs
---@return string
local function map_header(count)
   if count < 0x10 then
      return char(0x80 | count)
   elseif count < 0x10000 then
      return pack(">BI2", 0xDE, count)
   end
   return pack(">BI4", 0xDF, count)
end

local encode

---@param items any[]
---@return string
local function encode_array(items)
   local parts = { array_header(#items) }
   for i, item in ipairs(items) do
      parts[i + 1] = encode(item)
   end
   return concat(parts)
end

---@param ordered any[] keys and values in turn
---@return string
local function encode_map(ordered)
   local parts = { map_header(#ordered // 2) }
   for i, item in ipairs(ordered) do
      parts[i + 1] = encode(item)
   end
   return concat(parts)
end

---@param value table<string, any>
---@return string
local function encode_sorted_map(value)
   local keys = {}
   for key in pairs(value) do
      keys[#keys + 1] = key
   end
   table.sort(keys)
   local parts = { map_header(#keys) }
   for i, key in ipairs(keys) do
      parts[i + 1] = encode(key) .. encode(value[key])
   end
   return concat(parts)
end

---@param value table
---@return string
local function encode_table(value)
   local mark = getmetatable(value)
   if mark == Map then
      return encode_map(value)
   elseif mark == Array or #value > 0 then
      return encode_array(value)
   end
   return encode_sorted_map(value)
end

--- Write a value. An unmarked table is an array if it has a first item, else a map, its keys sorted.
---@param value any
---@return string
function M.encode(value)
   local kind = type(value)
   if kind == "string" then
      return str(value)
   elseif kind == "number" then
      if math.type(value) == "integer" then
         return int(value)
      end
      return pack(">Bd", 0xCB, value)
   elseif kind == "boolean" then
      return value and "\xC3" or "\xC2"
   elseif kind == "nil" then
      return "\xC0"
   elseif kind == "table" then
      return encode_table(value)
   end
   error("a " .. kind .. " cannot be written as MessagePack")
end
encode = M.encode

--- Deepest nesting that is read.
local MAX_DEPTH = 16

local decode_value

---@param data string
---@param position integer
---@param length integer
---@return string, integer
local function take(data, position, length)
   local last = position + length - 1
   if last > #data then
      error("it ends too early", 0)
   end
   return sub(data, position, last), last + 1
end

---@param data string
---@param position integer
---@param count integer
---@param depth integer
---@return any[], integer
local function take_array(data, position, count, depth)
   local items = { n = count }
   for i = 1, count do
      items[i], position = decode_value(data, position, depth + 1)
   end
   return items, position
end

---@param data string
---@param position integer
---@param count integer
---@param depth integer
---@return table, integer
local function take_map(data, position, count, depth)
   local map = {}
   for _ = 1, count do
      local key
      key, position = decode_value(data, position, depth + 1)
      if type(key) ~= "string" then
         error("a key is not text", 0)
      end
      map[key], position = decode_value(data, position, depth + 1)
   end
   return map, position
end

local SCALARS = {
   [0xCA] = ">f",
   [0xCB] = ">d",
   [0xCC] = ">I1",
   [0xCD] = ">I2",
   [0xCE] = ">I4",
   [0xCF] = ">I8",
   [0xD0] = ">i1",
   [0xD1] = ">i2",
   [0xD2] = ">i4",
   [0xD3] = ">i8",
}

--- Types with a length: its format, and the reader of what follows.
local SIZED = {
   [0xC4] = { ">I1", take },
   [0xC5] = { ">I2", take },
   [0xC6] = { ">I4", take },
   [0xD9] = { ">I1", take },
   [0xDA] = { ">I2", take },
   [0xDB] = { ">I4", take },
   [0xDC] = { ">I2", take_array },
   [0xDD] = { ">I4", take_array },
   [0xDE] = { ">I2", take_map },
   [0xDF] = { ">I4", take_map },
}

---@param data string
---@param position integer
---@param depth integer
---@return any, integer
function decode_value(data, position, depth)
   local head = byte(data, position)
   if not head then
      error("it ends too early", 0)
   elseif depth > MAX_DEPTH then
      error("it is nested too deep", 0)
   end
   position = position + 1
   if head < 0x80 then
      return head, position
   elseif head < 0x90 then
      return take_map(data, position, head & 0x0F, depth)
   elseif head < 0xA0 then
      return take_array(data, position, head & 0x0F, depth)
   elseif head < 0xC0 then
      return take(data, position, head & 0x1F)
   elseif head >= 0xE0 then
      return head - 0x100, position
   elseif head == 0xC0 then
      return nil, position
   elseif head == 0xC2 or head == 0xC3 then
      return head == 0xC3, position
   end
   local scalar = SCALARS[head]
   if scalar then
      return unpack(scalar, data, position)
   end
   local sized = SIZED[head]
   if not sized then
      error("it has a type that the link does not use", 0)
   end
   local length
   length, position = unpack(sized[1], data, position)
   return sized[2](data, position, length, depth)
end

--- Read exactly one value. Arrays come with their length in `n`; text and bytes both come as Lua strings.
---@param data string
---@return boolean ok
---@return any value or, if not ok, the problem
function M.decode(data)
   local ok, value, position = pcall(decode_value, data, 1, 1)
   if not ok then
      return false, value
   elseif position <= #data then
      return false, "something follows it"
   end
   return true, value
end

return M
