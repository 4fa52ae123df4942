--- Reader for BizHawk 2.11.1 and newer: a chunk is one binary string, compared in blocks.
---
--- One `string.unpack` cuts the new image into blocks, which are compared with the remembered blocks; only blocks that differ are read,
--- 64 bits at a time, by code generated for their size. Measured with Lua 5.4 on 52 KB: about 10 µs when a few words changed, 30 to 65 µs for 120
--- changed words in 8 to 40 places, 320 µs for 4,000; reading all words takes 400 µs whatever happens. Blocks of 256 bytes are the
--- best compromise between these.

local unpack, rep = string.unpack, string.rep

local M = {}

local BLOCK = 256

--- Compares the block at byte `at` (from 1), whose first word has number `word`; `last` is the number of the changed word before. The
--- columns `gaps`, `current` and `previous` come last. Returns the grown count and the number of the last changed word.
---@alias gbatrace.BlockDiff fun(new: string, old: string, at: integer, word: integer, count: integer, last: integer, ...: integer[]): integer, integer

local PROLOGUE = [[
local unpack = string.unpack
return function(new, old, at, word, count, last, gaps, current, previous)
   local %s = unpack(%q, new, at)
   local %s = unpack(%q, old, at)
]]

local COMPARE_WORD = [[
      if %s ~= %s then
         local index = word + %d
         count = count + 1
         gaps[count], current[count], previous[count] = index - last, %s, %s
         last = index
      end
]]

---@param a string expression of the word now
---@param b string expression of the word before
---@param offset integer of the word in its block
---@return string source
local function compare_word(a, b, offset)
   return COMPARE_WORD:format(a, b, offset, a, b)
end

--- Write the code that compares blocks of one size.
---@param bytes integer a multiple of 4, at most BLOCK
---@return gbatrace.BlockDiff
local function compile(bytes)
   local new, old, body = {}, {}, {}
   local longs = bytes // 8
   for i = 1, longs do
      local a, b = "a" .. i, "b" .. i
      new[i], old[i] = a, b
      body[#body + 1] = ("   if %s ~= %s then\n"):format(a, b)
      body[#body + 1] = compare_word(a .. " & 0xFFFFFFFF", b .. " & 0xFFFFFFFF", 2 * i - 2)
      body[#body + 1] = compare_word(a .. " >> 32", b .. " >> 32", 2 * i - 1)
      body[#body + 1] = "   end\n"
   end
   local format = "<" .. rep("j", longs)
   if bytes % 8 ~= 0 then
      new[#new + 1], old[#old + 1] = "a", "b"
      format = format .. "I4"
      body[#body + 1] = compare_word("a", "b", 2 * longs)
   end
   local prologue = PROLOGUE:format(table.concat(new, ", "), format, table.concat(old, ", "), format)
   return assert(load(prologue .. table.concat(body) .. "   return count, last\nend", "=block diff", "t"))()
end

--- The blocks of a chunk of one size.
---@class gbatrace.Blocks
---@field format string for `string.unpack`
---@field whole integer blocks of full size
---@field block gbatrace.BlockDiff
---@field tail gbatrace.BlockDiff? for the shorter block at the end

---@type gbatrace.BlockDiff
local compare_block = compile(BLOCK)

--- By chunk size: a script meets no more than a handful of sizes.
---@type table<integer, gbatrace.Blocks>
local BLOCKS = setmetatable({}, {
   __index = function(known, bytes)
      local whole, rest = bytes // BLOCK, bytes % BLOCK
      local layout = {
         format = rep("c" .. BLOCK, whole) .. (rest > 0 and "c" .. rest or ""),
         whole = whole,
         block = compare_block,
         tail = rest > 0 and compile(rest) or nil,
      }
      known[bytes] = layout
      return layout
   end,
})

--- An image of a chunk, remembered for the next comparison.
---@class gbatrace.Image
---@field bytes string
---@field private blocks string[]
---@field private layout gbatrace.Blocks
local Image = {}
Image.__index = Image

---@param bytes string a multiple of 4 long
---@return gbatrace.Image
function M.image(bytes)
   local layout = BLOCKS[#bytes]
   return setmetatable({ bytes = bytes, blocks = { unpack(layout.format, bytes) }, layout = layout }, Image)
end

--- Take the next image, of the same length, and fill in what changed.
---@param new string
---@param changes gbatrace.Changes columns to fill
---@return integer count of changed words
function Image:update(new, changes)
   local old = self.bytes
   if new == old then
      return 0
   end
   local layout, known = self.layout, self.blocks
   local compare = layout.block
   local gaps, current, previous = changes.gaps, changes.current, changes.previous
   local blocks = { unpack(layout.format, new) }
   local count, last = 0, 0
   for i = 1, layout.whole do
      if blocks[i] ~= known[i] then
         local before = (i - 1) * BLOCK
         count, last = compare(new, old, before + 1, before // 4, count, last, gaps, current, previous)
      end
   end
   if layout.tail then
      local i = layout.whole + 1
      if blocks[i] ~= known[i] then
         local before = layout.whole * BLOCK
         count = layout.tail(new, old, before + 1, before // 4, count, last, gaps, current, previous)
      end
   end
   self.bytes, self.blocks = new, blocks
   return count
end

---@class gbatrace.BulkReader: gbatrace.Reader
---@field private read fun(address: integer, length: integer, domain: string): string
---@field private images table<gbatrace.Chunk, gbatrace.Image>
local Bulk = {}
Bulk.__index = Bulk

---@param memory gbatrace.MemoryPort
---@return gbatrace.BulkReader
function M.new(memory)
   return setmetatable({ name = "bulk", read = memory.bulk, images = {} }, Bulk)
end

function Bulk:rebaseline(chunk)
   self.images[chunk] = M.image(self.read(chunk.address, chunk.bytes, chunk.domain))
end

function Bulk:scan(chunk, changes)
   return self.images[chunk]:update(self.read(chunk.address, chunk.bytes, chunk.domain), changes)
end

function Bulk:image(chunk)
   return self.images[chunk].bytes
end

return M
