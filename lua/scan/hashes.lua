--- The reader for BizHawk 2.10: hashes tell which memory has not changed, and only words that may have changed are read.
---
--- There every call costs about a microsecond, and so does every byte that crosses in a table; a hash costs a few nanoseconds a byte on
--- top of its call. So each byte should be hashed once a scan and each changed word read once, and the rest is about making few calls:
---
--- * A chunk is a row of *pages*. A quiet page is one hash.
--- * When the hash of a page differs, the hashes of its *sections*, and below them of its *leaves*, lead to the words to read. They are kept up to
---   date on the way: a hash that differs is the right one from then on.
--- * Games change the same words again and again. A word that was found changed twice within a few scans is *watched*: it is read straight away,
---   and its page is hashed around it, in *spans*. A watched word that stays quiet is let go.
--- * When a scene changes, thousands of words do. Past a number of calls the rest of the scan reads whole sections as tables.
---
--- A change can not be missed: every word is either read or under a SHA-256 that still holds. The first sight of a chunk reads every word.

local mirror_bytes = require("scan.mirror").bytes

local min, max = math.min, math.max

local M = {}

--- Sizes in words; each is a whole number of the next.
local PAGE, SECTION, LEAF = 512, 64, 16

--- A word found changed twice within so many scans is watched.
local KEEN = 16

--- A watched word that was quiet for so many scans is let go.
local PATIENCE = 24

--- Most words watched in one chunk.
local MOST_WATCHED = 700

--- Calls in one scan of a chunk from which on memory is read in tables, dearer by the word but cheaper by the call.
local MANY_CALLS = 400

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
---@field private sections table<integer, string> hash by number, absent where unknown
---@field private leaves table<integer, string>
---@field private found table<integer, integer> scan in which a word was last found changed
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
      sections = {},
      leaves = {},
      found = {},
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
   for first = 0, chunk.words - 1, LEAF do
      self.leaves[first // LEAF] = self:hash(first, min(first + LEAF, chunk.words))
   end
   for first = 0, chunk.words - 1, SECTION do
      self.sections[first // SECTION] = self:hash(first, min(first + SECTION, chunk.words))
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

--- A word was found changed where none was expected: watch it if it makes a habit of it.
---@param page gbatrace.hashes.Page
---@param word integer
function Chunk:found_changed(page, word)
   local before = self.found[word]
   self.found[word] = self.scans
   if before and self.scans - before <= KEEN and self.watched < MOST_WATCHED then
      page.watched[word] = { from = word, to = word + 1, changed = self.scans }
      page.stale = true
      self.watched = self.watched + 1
   end
end

--- Read words that may have changed.
---@param page gbatrace.hashes.Page
---@param from integer
---@param to integer
function Chunk:read(page, from, to)
   local address, domain = self.chunk.address + 4 * from, self.chunk.domain
   if self.calls + to - from <= MANY_CALLS then
      local read = self.memory.word
      self.calls = self.calls + to - from
      for word = from, to - 1 do
         if self:note(word, read(address + 4 * (word - from), domain)) then
            self:found_changed(page, word)
         end
      end
   else
      local bytes = self.memory.bytes(address, 4 * (to - from), domain)
      self.calls = self.calls + 1
      for word = from, to - 1 do
         local i = 4 * (word - from)
         local now = bytes[i + 1] | bytes[i + 2] << 8 | bytes[i + 3] << 16 | bytes[i + 4] << 24
         if self:note(word, now) then
            self:found_changed(page, word)
         end
      end
   end
end

--- Whether a section or leaf may differ from the mirror; its hash is right afterwards.
---@param hashes table<integer, string>
---@param number integer
---@param from integer
---@param to integer
---@return boolean
function Chunk:differs(hashes, number, from, to)
   local known, now = hashes[number], self:hash(from, to)
   hashes[number] = now
   return known ~= now
end

--- Read the leaves between two words of a section that may have changed.
---@param page gbatrace.hashes.Page
---@param from integer
---@param to integer
function Chunk:search_leaves(page, from, to)
   for number = from // LEAF, (to - 1) // LEAF do
      local first, last = number * LEAF, min((number + 1) * LEAF, page.last)
      local a, b = max(from, first), min(to, last)
      local whole = a == first and b == last
      if not whole or self:differs(self.leaves, number, a, b) then
         self:read(page, a, b)
      end
   end
end

--- A span's hash differs: find and read what changed.
---@param page gbatrace.hashes.Page
---@param from integer
---@param to integer
function Chunk:search(page, from, to)
   for number = from // SECTION, (to - 1) // SECTION do
      local first, last = number * SECTION, min((number + 1) * SECTION, page.last)
      local a, b = max(from, first), min(to, last)
      local whole = a == first and b == last
      if not whole or self:differs(self.sections, number, a, b) then
         if self.calls < MANY_CALLS then
            self:search_leaves(page, a, b)
         else
            for leaf = a // LEAF, (b - 1) // LEAF do
               self.leaves[leaf] = nil
            end
            self:read(page, a, b)
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
            self:search(page, from, item.to)
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
   if page.stale then
      self:arrange(page)
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
         self.leaves[word // LEAF], self.sections[word // SECTION] = nil, nil
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
   if self.scans % MEMORY == 0 then
      self.found = {}
   end
   for _, page in ipairs(self.pages) do
      self:scan_page(page)
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
