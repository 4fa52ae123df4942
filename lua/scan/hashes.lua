--- Reader for BizHawk 2.10 and 2.11: hashes of memory that is quiet, reads of the rest.
---
--- These have no bulk reads. Costs, in µs, are about: a hash 10 and 0.05 a word, one word read by itself 1.8, words read together as a table 5
--- and 0.44 a word. So memory that does not change should lie under few hashes, words that are known to change should be read and not hashed,
--- and looking for a change anywhere else is expensive, about 90 with the sizes below:
---
--- * A chunk is a row of *pages*. A page that does not change is one hash.
--- * When the hash of a page differs, the hashes of *blocks* in it, and of smaller blocks in these, lead to the words to read. They are kept up to
---   date on the way: a hash that differs is the right one from then on.
--- * A page in which this happens often is *split*: hashed block by block at once, so that nothing is hashed in vain.
--- * Games change the same words again and again. A word found changed twice within a few scans is *watched*: it is read straight away,
---   together with watched words nearby, as one *run*, and its page is hashed around it, in *spans*. A watched word that stops changing is released.
---
--- A change cannot be missed: every word is either read or under a SHA-256 that is still right. The first read of a chunk takes all of it as
--- tables and hashes every part: 12 ms for both chunks of a frame, so that there is no need to spread it. After a break the hashes show how much
--- has to be read again.
---
--- The sizes were chosen by playing the changes of the demo game and of synthetic memory through these costs. The optimum is flat: with half or
--- twice a size the demo game and 700 changes a set cost an eighth more at most.

local pack_mirror = require("scan.words").pack_mirror

local min, max = math.min, math.max

local M = {}

--- Words in a page; a whole number of blocks.
local PAGE = 3328

--- Words in a block, level by level; each is a whole number of the next. When the hash of one of the last level differs, all of it is read.
local BLOCKS = { 256, 64 }

--- A word found changed twice within so many scans is watched.
local WATCH_WITHIN = 5

--- A watched word that did not change for so many scans is released.
local RELEASE_AFTER = 8

--- A gap of so few words between watched ones is read with them: a call for the gap would cost more.
local MAX_GAP = 32

--- Up to so many words are read one by one; more are read as a table.
local MAX_SINGLE_READS = 3

--- Weight of each scan in a page's share of scans that had to search it (a moving average).
local WEIGHT = 0.25

--- A page is split when that share rises above the one, and made whole again when it falls below the other.
local SPLIT_ABOVE, WHOLE_BELOW = 0.8, 0.4

--- A piece of a page: a span under one hash, or a run of words that are read.
---@class gbatrace.hashes.Item
---@field from integer first word
---@field to integer one past the last word
---@field hash string? of a span; nil for a run
---@field block integer? number of the block of the first level that the span is; nil for any other span

---@class gbatrace.hashes.Page
---@field first integer
---@field last integer one past the last word
---@field items gbatrace.hashes.Item[] in order of their words
---@field searched number share of the last scans in which a span had changed
---@field split boolean
---@field stale boolean whether the items must be laid out again

--- State of a chunk: its mirror, its hashes, and which words change often.
---@class gbatrace.hashes.Chunk
---@field private memory gbatrace.MemoryPort
---@field private chunk gbatrace.Chunk
---@field private mirror gbatrace.Mirror
---@field private pages gbatrace.hashes.Page[]
---@field private blocks table<integer, string>[] hashes of each level by number of the block, absent where unknown
---@field private watched table<integer, boolean>
---@field private changed_at table<integer, integer> scan in which a word was last found changed
---@field private scans integer
---@field broken boolean whether a scan ended in an error: hashes may be ahead of the mirror
---@field private learns boolean whether this scan's changes count as habits of the game
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
      watched = {},
      changed_at = {},
      scans = 0,
      broken = false,
   }, Chunk)
   self:read_all()
   return self
end

---@param from integer
---@param to integer
---@return string
function Chunk:hash(from, to)
   local chunk = self.chunk
   return self.memory.hash(chunk.address + 4 * from, 4 * (to - from), chunk.domain)
end

--- Read words as a table of bytes.
---@param from integer
---@param to integer
---@return integer[]
function Chunk:bytes(from, to)
   local chunk = self.chunk
   return self.memory.bytes(chunk.address + 4 * from, 4 * (to - from), chunk.domain)
end

--- Read every word, and hash every part.
function Chunk:read_all()
   local mirror, words = self.mirror, self.chunk.words
   for first = 0, words - 1, BLOCKS[1] do
      local bytes, at = self:bytes(first, min(first + BLOCKS[1], words)), 0
      for word = first, first + #bytes // 4 - 1 do
         mirror[word] = bytes[at + 1] | bytes[at + 2] << 8 | bytes[at + 3] << 16 | bytes[at + 4] << 24
         at = at + 4
      end
   end
   for level, size in ipairs(BLOCKS) do
      local hashes = {}
      for first = 0, words - 1, size do
         hashes[first // size] = self:hash(first, min(first + size, words))
      end
      self.blocks[level] = hashes
   end
   for first = 0, words - 1, PAGE do
      local last = min(first + PAGE, words)
      self.pages[#self.pages + 1] = {
         first = first,
         last = last,
         items = { { from = first, to = last, hash = self:hash(first, last) } },
         searched = 0,
         split = false,
         stale = false,
      }
   end
end

--- Add a change to the columns, and watch the word if it changes often.
---@param page gbatrace.hashes.Page
---@param word integer
---@param now integer
---@param before integer
function Chunk:add_change(page, word, now, before)
   local changes, count = self.changes, self.count + 1
   changes.gaps[count], changes.current[count], changes.previous[count] = word - self.last, now, before
   self.mirror[word], self.count, self.last = now, count, word
   if self.learns then
      local scans, changed_at = self.scans, self.changed_at
      local found = changed_at[word]
      changed_at[word] = scans
      if found and scans - found <= WATCH_WITHIN and not self.watched[word] then
         self.watched[word], page.stale = true, true
      end
   end
end

--- Read words that may have changed.
---@param page gbatrace.hashes.Page
---@param from integer
---@param to integer
function Chunk:read(page, from, to)
   local mirror = self.mirror
   if to - from <= MAX_SINGLE_READS then
      local chunk, read = self.chunk, self.memory.word
      for word = from, to - 1 do
         local now, before = read(chunk.address + 4 * word, chunk.domain), mirror[word]
         if now ~= before then
            self:add_change(page, word, now, before)
         end
      end
      return
   end
   local bytes, at = self:bytes(from, to), 0
   for word = from, to - 1 do
      local now = bytes[at + 1] | bytes[at + 2] << 8 | bytes[at + 3] << 16 | bytes[at + 4] << 24
      local before = mirror[word]
      if now ~= before then
         self:add_change(page, word, now, before)
      end
      at = at + 4
   end
end

--- Release the watched words of a run that no longer change.
---@param page gbatrace.hashes.Page
---@param run gbatrace.hashes.Item
function Chunk:release(page, run)
   local watched, changed_at, oldest = self.watched, self.changed_at, self.scans - RELEASE_AFTER
   for word = run.from, run.to - 1 do
      if watched[word] and changed_at[word] < oldest then
         watched[word], page.stale = nil, true
      end
   end
end

--- Hash a block, and return whether it may differ from the mirror. Its hash is right from then on.
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

--- Find and read what changed between two words of a page. A block of which only a part lies between them has no hash to compare.
---@param page gbatrace.hashes.Page
---@param from integer
---@param to integer
---@param level integer of the blocks to look at
function Chunk:search(page, from, to, level)
   local size = BLOCKS[level]
   if not size then
      self:read(page, from, to)
      return
   end
   for number = from // size, (to - 1) // size do
      local first, last = number * size, min((number + 1) * size, page.last)
      local a, b = max(from, first), min(to, last)
      local whole = a == first and b == last
      if not whole or self:differs(level, number, a, b) then
         self:search(page, a, b, level + 1)
      end
   end
end

---@param page gbatrace.hashes.Page
function Chunk:scan_page(page)
   local searched = 0
   for _, item in ipairs(page.items) do
      if item.hash then
         local now = self:hash(item.from, item.to)
         if now ~= item.hash then
            item.hash, searched = now, 1
            if item.block then
               self.blocks[1][item.block] = now
            end
            -- A span that is a block, or a part of one, has been compared: only smaller blocks can narrow it down.
            self:search(page, item.from, item.to, (item.block or page.split) and 2 or 1)
         end
      else
         self:read(page, item.from, item.to)
         self:release(page, item)
      end
   end
   page.searched = page.searched + (searched - page.searched) * WEIGHT
   local split = page.searched > (page.split and WHOLE_BELOW or SPLIT_ABOVE)
   if split ~= page.split then
      page.split, page.stale = split, true
   end
end

--- Gather the watched words of a page into runs, each with the words of narrow gaps.
---@param page gbatrace.hashes.Page
---@return gbatrace.hashes.Item[] runs
function Chunk:runs(page)
   local watched, runs = self.watched, {}
   local run
   for word = page.first, page.last - 1 do
      if watched[word] then
         if run and word - run.to <= MAX_GAP then
            run.to = word + 1
         else
            run = { from = word, to = word + 1 }
            runs[#runs + 1] = run
         end
      end
   end
   return runs
end

--- Forget the hashes of all blocks that a run touches: it changes without being hashed.
---@param run gbatrace.hashes.Item
function Chunk:forget(run)
   for level, size in ipairs(BLOCKS) do
      local hashes = self.blocks[level]
      for number = run.from // size, (run.to - 1) // size do
         hashes[number] = nil
      end
   end
end

--- Lay a page out again around its runs. The mirror is the memory at this moment, so a new span's hash is the right one.
---@param page gbatrace.hashes.Page
function Chunk:arrange(page)
   local size, blocks = BLOCKS[1], self.blocks[1]
   local spans, items, from = {}, {}, page.first
   for _, item in ipairs(page.items) do
      if item.hash then
         spans[item.from << 32 | item.to] = item
      end
   end

   ---@param to integer
   local function cover(to)
      while from < to do
         local last = page.split and min(to, (from // size + 1) * size) or to
         local span = spans[from << 32 | last]
         if not span then
            local number = from // size
            local block = from == number * size and last == min(from + size, page.last) and number or nil
            span = { from = from, to = last, hash = block and blocks[block] or self:hash(from, last), block = block }
            if block then
               blocks[block] = span.hash
            end
         end
         items[#items + 1], from = span, last
      end
   end

   for _, run in ipairs(self:runs(page)) do
      cover(run.from)
      items[#items + 1], from = run, run.to
      self:forget(run)
   end
   cover(page.last)
   page.items, page.stale = items, false
end

--- Scan the chunk.
---@param changes gbatrace.Changes columns to fill
---@param learns boolean whether the game did this, and may do it again
---@return integer count of changed words
function Chunk:scan(changes, learns)
   self.changes, self.count, self.last = changes, 0, 0
   self.scans, self.learns, self.broken = self.scans + 1, learns, true
   for _, page in ipairs(self.pages) do
      self:scan_page(page)
      if page.stale then
         self:arrange(page)
      end
   end
   self.broken = false
   return self.count
end

---@return string
function Chunk:image()
   return pack_mirror(self.mirror, self.chunk.words)
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

function Hashes:rebaseline(chunk)
   local known = self.chunks[chunk]
   if known and not known.broken then
      known:scan({ region = 0, chunk = 0, count = 0, gaps = {}, current = {}, previous = {} }, false)
   else
      self.chunks[chunk] = new_chunk(self.memory, chunk)
   end
end

function Hashes:scan(chunk, changes)
   return self.chunks[chunk]:scan(changes, true)
end

function Hashes:image(chunk)
   return self.chunks[chunk]:image()
end

return M
