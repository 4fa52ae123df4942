--- Reader of last resort: every word is a call of its own.

local pack, concat = string.pack, table.concat

--- The words of a chunk as last read: word number, from 0, to value.
---@alias gbatrace.Mirror table<integer, integer>

---@class gbatrace.WordReader: gbatrace.Reader
---@field private read fun(address: integer, domain: string): integer
---@field private mirrors table<gbatrace.Chunk, gbatrace.Mirror>
local Words = {}
Words.__index = Words

local M = {}

--- Words that one `string.pack` takes: the arguments of a call are limited.
local PIECE = 128

--- Pack a mirror.
---@param mirror gbatrace.Mirror
---@param words integer
---@return string little-endian, 4 bytes a word
function M.pack_mirror(mirror, words)
   local pieces = {}
   for first = 0, words - 1, PIECE do
      local count = math.min(PIECE, words - first)
      local format = "<" .. ("I4"):rep(count)
      pieces[#pieces + 1] = pack(format, table.unpack(mirror, first, first + count - 1))
   end
   return concat(pieces)
end

---@param memory gbatrace.MemoryPort
---@return gbatrace.WordReader
function M.new(memory)
   return setmetatable({ name = "words", read = memory.word, mirrors = {} }, Words)
end

function Words:rebaseline(chunk)
   local mirror = {}
   self.mirrors[chunk] = mirror
   local read, address, domain = self.read, chunk.address, chunk.domain
   for word = 0, chunk.words - 1 do
      mirror[word] = read(address + 4 * word, domain)
   end
end

function Words:scan(chunk, changes)
   local mirror, read, address, domain = self.mirrors[chunk], self.read, chunk.address, chunk.domain
   local gaps, current, previous = changes.gaps, changes.current, changes.previous
   local count, last = 0, 0
   for word = 0, chunk.words - 1 do
      local now, before = read(address + 4 * word, domain), mirror[word]
      if now ~= before then
         count = count + 1
         gaps[count], current[count], previous[count] = word - last, now, before
         mirror[word], last = now, word
      end
   end
   return count
end

function Words:image(chunk)
   return M.pack_mirror(self.mirrors[chunk], chunk.words)
end

return M
