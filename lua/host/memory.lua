--- BizHawk's memory functions, as far as this BizHawk has them.
---
--- They are userdata, and are passed on as they are.

local attempt = require("host.errors").attempt

local M = {}

--- Bytes of a trial read.
local TRIAL = 16

---@param name string
---@return any function nil if this BizHawk lacks it
local function find(name)
   return (attempt(function()
      return memory[name]
   end))
end

--- Result of a trial of a function; nil if it is missing or fails.
---@param candidate any
---@param domain string
---@return any
local function try(candidate, domain)
   return (attempt(function()
      return candidate(0, TRIAL, domain)
   end))
end

--- The functions with which this BizHawk reads memory.
---@param domain string one that exists
---@return gbatrace.MemoryPort
function M.probe(domain)
   local bulk = find("read_bytes_as_binary_string")
   local hash = find("hash_region")
   local bytes = find("read_bytes_as_array")
   local text, digest, array = try(bulk, domain), try(hash, domain), try(bytes, domain)
   return {
      word = find("read_u32_le"),
      bulk = type(text) == "string" and #text == TRIAL and bulk or nil,
      hash = type(digest) == "string" and #digest == 64 and hash or nil,
      bytes = type(array) == "table" and array[TRIAL] ~= nil and bytes or nil,
   }
end

--- Sizes of the memory domains that this core has.
---@return table<string, integer> bytes by name
function M.domains()
   local sizes = {}
   for _, name in pairs(memory.getmemorydomainlist()) do
      sizes[name] = memory.getmemorydomainsize(name)
   end
   return sizes
end

return M
