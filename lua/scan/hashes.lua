--- The reader for BizHawk 2.10: hashes tell which memory has not changed, and only words that may have changed are read.
---
--- There every call costs about a microsecond, and so does every byte that crosses in a table; a hash costs a few nanoseconds a byte on
--- top of its call. So each byte should be hashed once a scan and each changed word read once, and the rest is about making few calls:
---
--- * A chunk is a row of *pages*. A quiet page is one hash.
--- * When the hash of a page differs, the hashes of ever smaller *blocks* in it lead to the words to read. They are kept up to date on the way: a
---   hash that differs is the right one from then on.
--- * Games change the same words again and again. A word that was found changed twice within a few scans is *watched*: it is read straight away,
---   and its page is hashed around it, in *spans*. A watched word that stays quiet is let go.
--- * When a scene changes, thousands of words do. Past a number of calls the rest of the scan reads whole blocks as tables.
---
--- A change can not be missed: every word is either read or under a SHA-256 that still holds. The first sight of a chunk reads every word.

local mirror_bytes = require("scan.mirror").bytes

local min, max = math.min, math.max

local M = {}

--- Words in a page.
local PAGE = 512

--- Words in a block, level by level; each is a whole number of the next. Words of the last are read without further hashes.
local BLOCKS = { 128, 32, 8 }

--- Level at which memory is read as tables once there were many calls.
local TABLE_LEVEL = 2

--- A word found changed twice within so many scans is watched.
local KEEN = 16

--- A watched word that was quiet for so many scans is let go.
local PATIENCE = 24

--- Most words watched in one chunk.
local MOST_WATCHED = 600

--- More words found changed in one scan of a chunk are a change of scene, and no habit.
local MOST_FOUND = 800

--- Calls in one scan of a chunk from which on memory is read in tables, dearer by the word but cheaper by the call.
local MANY_CALLS = 600

--- A gap of so few words between watched ones is read instead of hashed.
local NARROW = 2

--- What is known of found changes is forgotten after so many scans, lest it grow without end.
local MEMORY = 64

--- A piece of a page: a span under one hash, or a word that is read.
---@class gbatrace.hashes.Item
---@field from integer first word
---@field to integer one past the last word
---@field hash string? of a span; nil for a word
---@field changed integer scan of a watched word's last change; a word that merely fills a narrow gap never ages

---@class gbatrace.hashes.Page
---@field first integer
---@field last integer one past the last word
---@field items gbatrace.hashes.Item[] in order of their words
---@field watched table<integer, gbatrace.hashes.Item>
---@field stale boolean whether the items must be arranged anew

--- What is known of one chunk.
---@class gbatrace.hashes.Chunk
---@field private memory gbatrace.MemoryPort
---@field private chunk gbatrace.Chunk
---@field private mirror gbatrace.Mirror
---@field private pages gbatrace.hashes.Page[]
---@field private blocks table<integer, string>[] hashes of each level by number of the block, absent where unknown
---@field private found integer[] words that this scan found changed where none was expected
---@field private found_at table<integer, integer> scan in which a word was last found changed
---@field private scans integer
---@field private calls integer in this scan
---@field private watched integer words in all pages
---@field private changes gbatrace.Changes
---@field private count integer
---@field private last integer
local Chunk = {}
Chunk.__index = Chunk

---@param memory gbatrace.MemoryPort
---@param chunk gbatrace.Chunk
---@return gbatrace.hashes.Chunk
local function new_chunk(memory, chunk)
   local self = setmetatable({
      memory = memory,
      chunk = chunk,
      mirror = {},
      pages = {},
      blocks = {},
      found = {},
      found_at = {},
      scans = 0,
      calls = 0,
      watched = 0,
   }, Chunk)
   self:read_all()
   return self
end

---@param from integer
---@param to integer
---@return string
function Chunk:hash(from, to)
   self.calls = self.calls + 1
   local chunk = self.chunk
   return self.memory.hash(chunk.address + 4 * from, 4 * (to - from), chunk.domain)
end

--- First sight: every word, and the hash of every part.
function Chunk:read_all()
   local mirror, chunk, read = self.mirror, self.chunk, self.memory.word
   for word = 0, chunk.words - 1 do
      mirror[word] = read(chunk.address + 4 * word, chunk.domain)
   end
   for level, size in ipairs(BLOCKS) do
      local hashes = {}
      for first = 0, chunk.words - 1, size do
         hashes[first // size] = self:hash(first, min(first + size, chunk.words))
      end
      self.blocks[level] = hashes
   end
   for first = 0, chunk.words - 1, PAGE do
      local last = min(first + PAGE, chunk.words)
      local span = { from = first, to = last, hash = self:hash(first, last), changed = 0 }
      self.pages[#self.pages + 1] = { first = first, last = last, items = { span }, watched = {}, stale = false }
   end
end

--- Note a word's value now, if it changed.
---@param word integer
---@param now integer
---@return boolean changed
function Chunk:note(word, now)
   local before = self.mirror[word]
   if now == before then
      return false
   end
   local changes, count = self.changes, self.count + 1
   changes.gaps[count], changes.current[count], changes.previous[count] = word - self.last, now, before
   self.mirror[word], self.count, self.last = now, count, word
   return true
end

--- Watch the words that make a habit of changing.
function Chunk:learn()
   local found, found_at, scans = self.found, self.found_at, self.scans
   if #found > MOST_FOUND then
      return
   end
   for _, word in ipairs(found) do
      local before = found_at[word]
      found_at[word] = scans
      if before and scans - before <= KEEN and self.watched < MOST_WATCHED then
         local page = self.pages[word // PAGE + 1]
         page.watched[word] = { from = word, to = word + 1, changed = scans }
         page.stale = true
         self.watched = self.watched + 1
      end
   end
end

--- Read words that may have changed.
---@param from integer
---@param to integer
function Chunk:read(from, to)
   local address, domain, found = self.chunk.address + 4 * from, self.chunk.domain, self.found
   if self.calls + to - from <= MANY_CALLS then
      local read = self.memory.word
      self.calls = self.calls + to - from
      for word = from, to - 1 do
         if self:note(word, read(address + 4 * (word - from), domain)) then
            found[#found + 1] = word
         end
      end
   else
      local bytes = self.memory.bytes(address, 4 * (to - from), domain)
      self.calls = self.calls + 1
      for word = from, to - 1 do
         local i = 4 * (word - from)
         local now = bytes[i + 1] | bytes[i + 2] << 8 | bytes[i + 3] << 16 | bytes[i + 4] << 24
         if self:note(word, now) then
            found[#found + 1] = word
         end
      end
   end
end

--- Whether a block may differ from the mirror; its hash is right afterwards.
---@param level integer
---@param number integer of the block
---@param from integer
---@param to integer
---@return boolean
function Chunk:differs(level, number, from, to)
   local hashes = self.blocks[level]
   local known, now = hashes[number], self:hash(from, to)
   hashes[number] = now
   return known ~= now
end

--- Forget the hashes of the blocks that two words span, from a level downwards.
---@param level integer
---@param from integer
---@param to integer
function Chunk:forget(level, from, to)
   for deeper = level, #BLOCKS do
      local hashes, size = self.blocks[deeper], BLOCKS[deeper]
      for number = from // size, (to - 1) // size do
         hashes[number] = nil
      end
   end
end

--- Something changed between two words of a page: find and read it. A block of which only a part lies between them has no hash that could help.
---@param page gbatrace.hashes.Page
---@param from integer
---@param to integer
---@param level integer
function Chunk:search(page, from, to, level)
   local size = BLOCKS[level]
   for number = from // size, (to - 1) // size do
      local first, last = number * size, min((number + 1) * size, page.last)
      local a, b = max(from, first), min(to, last)
      local whole = a == first and b == last
      if not whole or self:differs(level, number, a, b) then
         if level == #BLOCKS then
            self:read(a, b)
         elseif level >= TABLE_LEVEL and self.calls >= MANY_CALLS then
            self:forget(level + 1, a, b)
            self:read(a, b)
         else
            self:search(page, a, b, level + 1)
         end
      end
   end
end

---@param page gbatrace.hashes.Page
function Chunk:scan_page(page)
   local scans, memory, chunk = self.scans, self.memory, self.chunk
   for _, item in ipairs(page.items) do
      local from = item.from
      if item.hash then
         local now = self:hash(from, item.to)
         if now ~= item.hash then
            item.hash = now
            self:search(page, from, item.to, 1)
         end
      else
         self.calls = self.calls + 1
         if self:note(from, memory.word(chunk.address + 4 * from, chunk.domain)) then
            item.changed = scans
            if not page.watched[from] then
               page.watched[from] = item
               self.watched = self.watched + 1
            end
         elseif scans - item.changed > PATIENCE and page.watched[from] then
            page.watched[from] = nil
            page.stale = true
            self.watched = self.watched - 1
         end
      end
   end
end

--- The spans of a page by where they begin and end.
---@param page gbatrace.hashes.Page
---@return table<integer, gbatrace.hashes.Item>
local function spans_of(page)
   local spans = {}
   for _, item in ipairs(page.items) do
      if item.hash then
         spans[item.from << 32 | item.to] = item
      end
   end
   return spans
end

--- Lay out a page anew around its watched words. The memory is the mirror at this moment, so a new span's hash is the right one.
---@param page gbatrace.hashes.Page
function Chunk:arrange(page)
   local spans, items, from = spans_of(page), {}, page.first

   ---@param to integer
   local function close_gap(to)
      if to == from then
         return
      elseif to - from <= NARROW and from > page.first and to < page.last then
         for word = from, to - 1 do
            items[#items + 1] = { from = word, to = word + 1, changed = self.scans }
         end
      else
         items[#items + 1] = spans[from << 32 | to] or { from = from, to = to, hash = self:hash(from, to), changed = 0 }
      end
   end

   for word = page.first, page.last - 1 do
      local watched = page.watched[word]
      if watched then
         close_gap(word)
         items[#items + 1] = watched
         self:forget(1, word, word + 1)
         from = word + 1
      end
   end
   close_gap(page.last)
   page.items, page.stale = items, false
end

--- Scan the chunk.
---@param changes gbatrace.Changes columns to fill
---@return integer count of changed words
function Chunk:scan(changes)
   self.changes, self.count, self.last, self.calls = changes, 0, 0, 0
   self.scans = self.scans + 1
   self.found = {}
   if self.scans % MEMORY == 0 then
      self.found_at = {}
   end
   for _, page in ipairs(self.pages) do
      self:scan_page(page)
   end
   self:learn()
   for _, page in ipairs(self.pages) do
      if page.stale then
         self:arrange(page)
      end
   end
   return self.count
end

---@return string
function Chunk:image()
   return mirror_bytes(self.mirror, self.chunk.words)
end

---@class gbatrace.HashReader: gbatrace.Reader
---@field private memory gbatrace.MemoryPort
---@field private chunks table<gbatrace.Chunk, gbatrace.hashes.Chunk>
local Hashes = {}
Hashes.__index = Hashes

---@param memory gbatrace.MemoryPort
---@return gbatrace.HashReader
function M.new(memory)
   return setmetatable({ name = "hashes", memory = memory, chunks = {} }, Hashes)
end

function Hashes:sight(chunk)
   local known = self.chunks[chunk]
   if known then
      known:scan({ region = 0, chunk = 0, count = 0, gaps = {}, current = {}, previous = {} })
   else
      self.chunks[chunk] = new_chunk(self.memory, chunk)
   end
end

function Hashes:scan(chunk, changes)
   return self.chunks[chunk]:scan(changes)
end

function Hashes:image(chunk)
   return self.chunks[chunk]:image()
end

return M
