--- The reader for BizHawk 2.11.1 and newer: each chunk comes as one binary string.

local diff = require("scan.diff")

---@class gbatrace.BulkReader: gbatrace.Reader
---@field private read fun(address: integer, length: integer, domain: string): string
---@field private images table<gbatrace.Chunk, gbatrace.Image>
local Bulk = {}
Bulk.__index = Bulk

local M = {}

---@param memory gbatrace.MemoryPort
---@return gbatrace.BulkReader
function M.new(memory)
   return setmetatable({ name = "bulk", read = memory.bulk, images = {} }, Bulk)
end

function Bulk:sight(chunk)
   self.images[chunk] = diff.image(self.read(chunk.address, chunk.bytes, chunk.domain))
end

function Bulk:scan(chunk, changes)
   return self.images[chunk]:update(self.read(chunk.address, chunk.bytes, chunk.domain), changes)
end

function Bulk:image(chunk)
   return self.images[chunk].bytes
end

return M
