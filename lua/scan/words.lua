--- The reader of last resort: every word is a call of its own.

local mirror_bytes = require("scan.mirror").bytes

---@class gbatrace.WordReader: gbatrace.Reader
---@field private read fun(address: integer, domain: string): integer
---@field private mirrors table<gbatrace.Chunk, gbatrace.Mirror>
local Words = {}
Words.__index = Words

local M = {}

---@param memory gbatrace.MemoryPort
---@return gbatrace.WordReader
function M.new(memory)
   return setmetatable({ name = "words", read = memory.word, mirrors = {} }, Words)
end

function Words:sight(chunk)
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
   return mirror_bytes(self.mirrors[chunk], chunk.words)
end

return M
