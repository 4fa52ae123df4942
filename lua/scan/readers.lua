--- Choice of the reader of memory, by the functions that this BizHawk has.

local bulk = require("scan.bulk")
local hashes = require("scan.hashes")
local words = require("scan.words")

local M = {}

---@class gbatrace.ReaderKind
---@field name gbatrace.ReaderName
---@field phrase string for the Lua console
---@field possible fun(memory: gbatrace.MemoryPort): boolean
---@field new fun(memory: gbatrace.MemoryPort): gbatrace.Reader

--- Fastest first.
---@type gbatrace.ReaderKind[]
local KINDS = {
   {
      name = "bulk",
      phrase = "bulk reads",
      possible = function(memory)
         return memory.bulk ~= nil
      end,
      new = bulk.new,
   },
   {
      name = "hashes",
      phrase = "block hashes",
      possible = function(memory)
         return memory.hash ~= nil and memory.bytes ~= nil
      end,
      new = hashes.new,
   },
   {
      name = "words",
      phrase = "word reads (slow)",
      possible = function()
         return true
      end,
      new = words.new,
   },
}

--- The fastest reader that is possible, or the one wanted.
---@param wanted gbatrace.ReaderName|"auto"
---@param memory gbatrace.MemoryPort
---@return gbatrace.ReaderKind
---@return string? problem for the player, if the wanted one is not possible
function M.choose(wanted, memory)
   local fastest
   for _, kind in ipairs(KINDS) do
      if kind.possible(memory) then
         if wanted == "auto" or wanted == kind.name then
            return kind
         end
         fastest = fastest or kind
      end
   end
   return fastest, ('this BizHawk cannot read by "%s"; "%s" is used instead'):format(wanted, fastest.name)
end

--- Atomic and full scans need bulk reads: with any other reader the game would stutter.
---@param wanted gbatrace.ScanMode
---@param reader gbatrace.ReaderName
---@return gbatrace.ScanMode
---@return string? problem
function M.scan_mode(wanted, reader)
   if wanted == "chunked" or reader == "bulk" then
      return wanted
   end
   return "chunked", ('scan_mode "%s" needs bulk reads (BizHawk 2.11.1 or newer); "chunked" is used instead'):format(wanted)
end

return M
