--- Validation of the user's settings.
---
--- A wrong value is replaced by its default, with a sentence for the player; regions that are wrong have no default, so nothing is traced.

local chunks = require("scan.chunks")
local hotkeys = require("scan.hotkeys")
local spec = require("wire.spec")

local M = {}

---@class gbatrace.Rule
---@field name string
---@field default any
---@field fits fun(value: any): boolean
---@field wanted string the values that fit, for the sentence

---@param least integer
---@param most integer
---@return fun(value: any): boolean
local function whole(least, most)
   return function(value)
      return math.type(value) == "integer" and value >= least and value <= most
   end
end

---@param ... string
---@return fun(value: any): boolean
local function one_of(...)
   local choices = {}
   for _, choice in ipairs({ ... }) do
      choices[choice] = true
   end
   return function(value)
      return choices[value] == true
   end
end

---@param value any
---@return boolean
local function is_boolean(value)
   return type(value) == "boolean"
end

---@param value any
---@return boolean
local function is_token(value)
   return type(value) == "string" and #value <= 200 and not value:find("[^%w_%-]")
end

---@param value any
---@return boolean
local function is_folder(value)
   return type(value) == "string" and value ~= "" and not value:find("[/\\%c]$")
end

---@param name string
---@param default any
---@param fits fun(value: any): boolean
---@param wanted string
---@return gbatrace.Rule
local function rule(name, default, fits, wanted)
   return { name = name, default = default, fits = fits, wanted = wanted }
end

--- All settings except the regions and the hotkeys.
---@type gbatrace.Rule[]
M.RULES = {
   rule("frames_per_set", 5, whole(1, spec.MAX_FRAMES_PER_SET), "a whole number from 1 to 60"),
   rule("scan_mode", "chunked", one_of("chunked", "atomic", "full"), '"chunked", "atomic" or "full"'),
   rule("reader", "auto", one_of("auto", "bulk", "hashes", "words"), '"auto", "bulk", "hashes" or "words"'),
   rule("patience", 2000, whole(0, 60000), "milliseconds up to 60000, 0 to wait without end"),
   rule("reconnect_interval", 5, whole(1, 3600), "seconds from 1 to 3600"),
   rule("proof_interval", 12, whole(0, 1000000), "a whole number, 0 for never"),
   rule("ring_size", 720, whole(2, 100000), "a whole number from 2 to 100000"),
   rule("spool_size", 4096, whole(0, 1000000), "MiB from 0 to 1000000"),
   rule("spool_folder", "spool", is_folder, "the name of a folder"),
   rule("token", "", is_token, "the letters, digits, - and _ that the daemon prints"),
   rule("on_screen", true, is_boolean, "true or false"),
   rule("on_screen_x", 2, whole(0, 10000), "pixels from 0 to 10000"),
   rule("on_screen_y", 2, whole(0, 10000), "pixels from 0 to 10000"),
}

--- A setting from the command line comes as text.
---@param value any
---@return any
local function parsed(value)
   if value == "true" or value == "false" then
      return value == "true"
   elseif type(value) == "string" then
      return math.tointeger(tonumber(value)) or value
   elseif math.type(value) == "float" then
      return math.tointeger(value) or value
   end
   return value
end

---@param value any
---@return boolean
local function is_address(value)
   return math.type(value) == "integer" and value >= 0 and value <= 0xFFFFFFFF
end

--- True if chunks of these sizes, one for each frame of a set, have every word of the region once.
---@param region any
---@param frames_per_set integer
---@return boolean
local function covers(region, frames_per_set)
   local sizes, total = region.chunk_sizes, 0
   if type(sizes) ~= "table" or #sizes ~= frames_per_set then
      return false
   end
   for _, size in ipairs(sizes) do
      if math.type(size) ~= "integer" or size < chunks.WORD_BYTES or size % chunks.WORD_BYTES ~= 0 then
         return false
      end
      total = total + size
   end
   return total == region.size
end

---@param region any
---@param names table<string, boolean> of the regions before
---@param frames_per_set integer
---@return string? problem
local function region_problem(region, names, frames_per_set)
   if type(region) ~= "table" then
      return "it is not a table"
   elseif type(region.name) ~= "string" or not region.name:find(spec.REGION_NAME) or #region.name > spec.MAX_REGION_NAME then
      return ("its name is not 1 to %d letters, digits and _ . -"):format(spec.MAX_REGION_NAME)
   elseif names[region.name] then
      return "another region has the same name"
   elseif type(region.domain) ~= "string" then
      return "it has no domain"
   elseif not is_address(region.base) or region.base % chunks.WORD_BYTES ~= 0 then
      return "its base is not an address that is a multiple of 4"
   elseif not is_address(region.offset or 0) or (region.offset or 0) % chunks.WORD_BYTES ~= 0 then
      return "its offset is not a multiple of 4"
   elseif
      math.type(region.size) ~= "integer"
      or region.size < chunks.WORD_BYTES
      or region.size > spec.MAX_REGION_BYTES
      or region.size % chunks.WORD_BYTES ~= 0
   then
      return "its size is not a multiple of 4 up to 1 MiB"
   elseif region.base + region.size > 0xFFFFFFFF then
      return "it does not fit the console's bus"
   end
   if region.chunk_sizes ~= nil and not covers(region, frames_per_set) then
      return ("its chunk_sizes are not %d multiples of 4 that are %d bytes together"):format(frames_per_set, region.size)
   end
   local sizes = chunks.chunk_sizes(region, frames_per_set)
   if not sizes then
      return ("it is too small for %d frames per set"):format(frames_per_set)
   elseif math.max(table.unpack(sizes)) > spec.MAX_CHUNK_WORDS * chunks.WORD_BYTES then
      return region.chunk_sizes and ("a chunk has more than %d bytes"):format(spec.MAX_CHUNK_WORDS * chunks.WORD_BYTES)
         or ("it is too large for %d frames per set"):format(frames_per_set)
   end
end

--- Most bytes that one changed word takes on the wire: ten bytes in three columns, each doubled by the armour.
local WORST_WORD = 20

--- Room for everything in a FRAME that is not a column.
local FRAME_ROOM = 4096

---@param regions gbatrace.Region[]
---@param settings table<string, any>
---@return boolean whether a frame fits a payload even if every word changes
local function fits_payload(regions, settings)
   local most = 0
   for _, due in ipairs(chunks.schedule(regions, settings.frames_per_set, settings.scan_mode)) do
      local words = 0
      for _, chunk in ipairs(due) do
         words = words + chunk.words
      end
      most = math.max(most, words)
   end
   return most * WORST_WORD + FRAME_ROOM <= spec.MAX_PAYLOAD
end

---@param raw any
---@param settings table<string, any>
---@return gbatrace.Region[]? regions
---@return string? problem
local function check_regions(raw, settings)
   if type(raw) ~= "table" or #raw == 0 or #raw > spec.MAX_REGIONS then
      return nil, ("regions must be a list of 1 to %d regions"):format(spec.MAX_REGIONS)
   end
   local regions, names = {}, {}
   for i, region in ipairs(raw) do
      local problem = region_problem(region, names, settings.frames_per_set)
      if problem then
         local name = type(region) == "table" and tostring(region.name or i) or i
         return nil, ("region %s cannot be scanned: %s"):format(name, problem)
      end
      names[region.name] = true
      regions[i] = {
         name = region.name,
         domain = region.domain,
         base = region.base,
         size = region.size,
         offset = region.offset or 0,
         chunk_sizes = region.chunk_sizes,
      }
   end
   if not fits_payload(regions, settings) then
      return nil, ('the regions are too large together for scan_mode "%s"'):format(settings.scan_mode)
   end
   return regions
end

--- Check what `config.lua` returned.
---@param raw any
---@param override fun(name: string): any a value from elsewhere that comes before the file's, or nil
---@return gbatrace.Settings? settings nil if tracing is impossible with them
---@return string[] problems sentences for the player
function M.check(raw, override)
   local problems = {}
   if type(raw) ~= "table" then
      return nil, { "config.lua does not return a table of settings" }
   end
   local settings, known = {}, { regions = true, hotkeys = true }
   for _, item in ipairs(M.RULES) do
      known[item.name] = true
      local value = parsed(override(item.name))
      if value == nil then
         value = raw[item.name]
      end
      if value ~= nil and not item.fits(value) then
         problems[#problems + 1] = ("%s must be %s; %s is used instead"):format(
            item.name,
            item.wanted,
            item.default == "" and "none" or tostring(item.default)
         )
         value = nil
      end
      if value == nil then
         value = item.default
      end
      settings[item.name] = value
   end
   for name in pairs(raw) do
      if not known[name] then
         problems[#problems + 1] = tostring(name) .. " is not a setting and is ignored"
      end
   end
   local bindings, wrong_keys = hotkeys.check(raw.hotkeys)
   settings.hotkeys = bindings
   table.move(wrong_keys, 1, #wrong_keys, #problems + 1, problems)
   local regions, problem = check_regions(raw.regions, settings)
   if not regions then
      problems[#problems + 1] = problem
      return nil, problems
   end
   settings.regions = regions
   return settings, problems
end

return M
