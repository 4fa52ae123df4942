--- The words of a chunk as last read, for readers that never see a chunk in one piece.

local pack, concat = string.pack, table.concat

---@alias gbatrace.Mirror table<integer, integer> word number, from 0, to value

local M = {}

--- Words that one `string.pack` takes: the arguments of a call are limited.
local PIECE = 128

--- The mirror as bytes.
---@param mirror gbatrace.Mirror
---@param words integer
---@return string little-endian, 4 bytes a word
function M.bytes(mirror, words)
   local pieces = {}
   for first = 0, words - 1, PIECE do
      local count = math.min(PIECE, words - first)
      local format = "<" .. ("I4"):rep(count)
      pieces[#pieces + 1] = pack(format, table.unpack(mirror, first, first + count - 1))
   end
   return concat(pieces)
end

return M
