--- Messages of the link: a builder for each of the script's, a reader for the daemon's.
---
--- Fields are in the order of `protocol/README.md`. Every builder returns a payload as it goes to the socket: armoured.

local armouring = require("wire.armour")
local spec = require("wire.spec")
local msgpack = require("wire.msgpack")

local armour = armouring.armour
local uint, str = msgpack.uint, msgpack.str
local bin_header, array_header = msgpack.bin_header, msgpack.array_header
local concat = table.concat

local KIND = spec.KIND

local M = {}

---@param kind gbatrace.Kind
---@param seq integer
---@param fields integer how many follow
---@return string bare
local function head(kind, seq, fields)
   return array_header(fields + 2) .. uint(kind) .. uint(seq)
end

--- Text fit for the wire: valid UTF-8, not too long.
---@param text string
---@return string
local function clean(text)
   if not utf8.len(text) then
      text = text:gsub("[\x80-\xFF]", "?")
   end
   if #text <= spec.MAX_TEXT then
      return text
   end
   return text:sub(1, utf8.offset(text, 0, spec.MAX_TEXT + 1) - 1)
end

---@param greeting gbatrace.Greeting
---@return any[] names and values of what does not change while a game is traced
local function greeting_fields(greeting)
   local regions = {}
   for i, region in ipairs(greeting.regions) do
      local fields = { "name", region.name, "base", region.base, "size", region.size }
      if region.chunk_sizes then
         table.move({ "chunk_sizes", msgpack.array(region.chunk_sizes) }, 1, 2, #fields + 1, fields)
      end
      regions[i] = msgpack.map(fields)
   end
   return {
      "client",
      clean(greeting.client),
      "system",
      clean(greeting.system),
      "rom_name",
      clean(greeting.rom_name),
      "rom_hash",
      clean(greeting.rom_hash),
      "regions",
      msgpack.array(regions),
      "frames_per_set",
      greeting.frames_per_set,
      "scan_mode",
      greeting.scan_mode,
      "reader",
      greeting.reader,
      "buttons",
      msgpack.array(greeting.buttons),
   }
end

--- Pack a greeting so that another script can send it: without the token, which is a setting.
---@param greeting gbatrace.Greeting
---@return string
function M.pack_greeting(greeting)
   return msgpack.encode(msgpack.map(greeting_fields(greeting)))
end

---@param bytes string from `pack_greeting`
---@return gbatrace.Greeting? greeting nil if it is none
function M.unpack_greeting(bytes)
   local ok, greeting = msgpack.decode(bytes)
   return ok and type(greeting) == "table" and type(greeting.regions) == "table" and greeting or nil
end

---@param seq integer
---@param greeting gbatrace.Greeting
---@param resume string
---@return string
function M.hello(seq, greeting, resume)
   local constant = greeting_fields(greeting)
   local facts = table.move(constant, 1, #constant, 5, { "protocol", spec.PROTOCOL, "script", spec.SCRIPT })
   table.move({ "resume", resume }, 1, 2, #facts + 1, facts)
   if greeting.token and greeting.token ~= "" then
      table.move({ "token", clean(greeting.token) }, 1, 2, #facts + 1, facts)
   end
   return armour(head(KIND.HELLO, seq, 1) .. msgpack.encode(msgpack.map(facts)))
end

---@param seq integer
---@param region integer
---@param chunk integer
---@param words string little-endian, 4 bytes a word
---@return string
function M.keyframe(seq, region, chunk, words)
   return armour(head(KIND.KEYFRAME, seq, 3) .. uint(region) .. uint(chunk) .. bin_header(#words)) .. armour(words)
end

---@type string[]
local parts = {}

--- Build all of a FRAME that follows its set's number, so that one body serves whatever number the message and the set get.
---@param frame gbatrace.Frame
---@param with_previous boolean whether the columns carry the values before
---@return string armoured
function M.frame_body(frame, with_previous)
   local part = parts
   part[1] = armour(
      uint(frame.position)
         .. uint(frame.frame)
         .. uint(frame.time)
         .. uint(frame.pc)
         .. uint(frame.buttons)
         .. array_header(frame.count)
   )
   local filled = 1
   local fields = array_header(with_previous and 5 or 4)
   for i = 1, frame.count do
      local changes = frame.changes[i]
      local count = changes.count
      local words_header = armour(bin_header(4 * count))
      part[filled + 1] = armour(fields .. uint(changes.region) .. uint(changes.chunk) .. bin_header(2 * count))
      part[filled + 2] = armouring.column_16(changes.gaps, count)
      part[filled + 3] = words_header
      part[filled + 4] = armouring.column_32(changes.current, count)
      filled = filled + 4
      if with_previous then
         part[filled + 1] = words_header
         part[filled + 2] = armouring.column_32(changes.previous, count)
         filled = filled + 2
      end
   end
   return concat(part, "", 1, filled)
end

---@param seq integer
---@param set integer
---@param body string from `frame_body`
---@return string
function M.frame(seq, set, body)
   return armour(head(KIND.FRAME, seq, 7) .. uint(set)) .. body
end

---@param seq integer
---@param set integer
---@param interruption gbatrace.Interruption
---@param screenshot boolean whether the set's PNG is the next payload
---@param png string? the PNG itself, of a set that is sent again
---@param undrawn boolean? whether the emulator did not draw every frame
---@return string
function M.set_end(seq, set, interruption, screenshot, png, undrawn)
   local count = undrawn and 5 or png and 4 or 3
   local fields = head(KIND.SET_END, seq, count) .. uint(set) .. str(interruption) .. msgpack.encode(screenshot)
   if count > 3 then
      fields = fields .. bin_header(#(png or "")) .. (png or "")
   end
   return armour(undrawn and fields .. msgpack.encode(true) or fields)
end

---@param seq integer
---@param region integer
---@param chunk integer
---@param sha256 string 64 upper-case hex digits
---@return string
function M.proof(seq, region, chunk, sha256)
   return armour(head(KIND.PROOF, seq, 3) .. uint(region) .. uint(chunk) .. str(sha256))
end

--- Build all of an EVENT that follows its sequence number, so that it can wait until it has one.
---@param event gbatrace.Event
---@return string armoured
function M.event_body(event)
   local details = {}
   for key, value in pairs(event.details) do
      details[key] = type(value) == "string" and clean(value) or value
   end
   return armour(uint(event.frame) .. uint(event.time) .. str(event.name) .. msgpack.encode(details))
end

---@param seq integer
---@param body string from `event_body`
---@return string
function M.event(seq, body)
   return armour(head(KIND.EVENT, seq, 4)) .. body
end

---@param seq integer
---@param reason string
---@param next_set integer the number that the next set would have had
---@return string
function M.bye(seq, reason, next_set)
   return armour(head(KIND.BYE, seq, 2) .. str(clean(reason)) .. uint(next_set))
end

---@param value any
---@return boolean
local function is_count(value)
   return math.type(value) == "integer" and value >= 0
end

---@type table<gbatrace.Kind, fun(message: any[]): gbatrace.Reply?>
local READERS = {
   [KIND.WELCOME] = function(message)
      local terms = message[3]
      if
         type(terms) == "table"
         and type(terms.session) == "string"
         and type(terms.resume) == "string"
         and is_count(terms.next_set)
      then
         return { session = terms.session, resume = terms.resume, next_set = terms.next_set }
      end
   end,
   [KIND.REFUSED] = function(message)
      if type(message[3]) == "string" then
         return { reason = message[3] }
      end
   end,
   [KIND.ACK] = function(message)
      if is_count(message[3]) and type(message[4]) == "table" and message[4].n then
         return { set = message[3], commands = message[4] }
      end
   end,
   [KIND.FAREWELL] = function(message)
      if type(message[3]) == "string" then
         return { reason = message[3] }
      end
   end,
}

--- Read a message of the daemon. One of an unknown kind has only `kind` and `seq`.
---@param payload string as it came from the socket
---@return gbatrace.Reply? reply nil if it is not a message
---@return string? problem
function M.read(payload)
   local ok, message = msgpack.decode(armouring.unarmour(payload))
   if not ok then
      return nil, "the daemon's message cannot be read: " .. message
   elseif type(message) ~= "table" or not is_count(message[1]) or not is_count(message[2]) then
      return nil, "the daemon's message has no kind and number"
   end
   local reader = READERS[message[1]]
   local reply = reader and reader(message) or {}
   if reader and not next(reply) then
      return nil, "a message of the daemon lacks a field"
   end
   reply.kind, reply.seq = message[1], message[2]
   return reply
end

return M
