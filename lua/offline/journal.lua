--- Format of the spool's journal: frame sets and events in order, as they go over the wire.
---
--- A record is its kind (1 byte), the length of what follows (4 bytes, little-endian) and its payload. The emulator may die at any moment, so
--- the last record may be cut off; the records before it are good.

local pack, unpack = string.pack, string.unpack

local M = {}

--- Kinds of records.
local KIND = {
   --- Opening of the journal: the game, the set that snapshots count from, and the greeting with which any script can deliver the sets.
   OPENING = 0,
   --- The daemon's session, its resume token, and the script's number of the session's set 0.
   SESSION = 1,
   --- A frame set: its number, interruption, whether it has a screenshot, its last frame and time, and its frames as FRAME bodies.
   SET = 2,
   --- An EVENT body.
   EVENT = 3,
}

local HEAD = "<BI4"
local HEAD_BYTES = string.packsize(HEAD)
local SET_HEAD = "<I8I8I8Bs1"

--- Bits of SET_HEAD about the screenshot.
local WITH_SCREENSHOT, UNDRAWN = 1, 2

--- Most bytes of a SET_HEAD.
local MAX_SET_HEAD = 3 * 8 + 1 + 1 + 255

---@param kind integer
---@param payload string
---@return string
local function record(kind, payload)
   return pack(HEAD, kind, #payload) .. payload
end

---@param identity string of the game and how it is traced
---@param origin integer the set that snapshots and log call 0
---@param greeting string its bytes
---@return string
function M.opening(identity, origin, greeting)
   return record(KIND.OPENING, pack("<s4I8s4", identity, origin, greeting))
end

---@param terms gbatrace.Terms
---@return string
function M.session(terms)
   return record(KIND.SESSION, pack("<s4s4I8", terms.session, terms.token, terms.origin))
end

---@param set gbatrace.PendingSet with encoded frames
---@return string
function M.set(set)
   local bits = (set.has_screenshot and WITH_SCREENSHOT or 0) | (set.undrawn and UNDRAWN or 0)
   local parts = { pack(SET_HEAD, set.number, set.last_frame, set.last_time, bits, set.interruption) }
   for i, body in ipairs(set.frames) do
      parts[i + 1] = pack("<s4", body)
   end
   return record(KIND.SET, table.concat(parts))
end

---@param body string
---@return string
function M.event(body)
   return record(KIND.EVENT, body)
end

--- The frames of a set.
---@param bytes string its record
---@return string[]? bodies nil if it is not one
function M.frames(bytes)
   local ok, bodies = pcall(function()
      local found = {}
      local _, _, _, _, _, at = unpack(SET_HEAD, bytes, HEAD_BYTES + 1)
      while at <= #bytes do
         found[#found + 1], at = unpack("<s4", bytes, at)
      end
      return found
   end)
   return ok and bodies or nil
end

--- Contents of a journal, without the frames of its sets.
---@class gbatrace.JournalContents
---@field identity string
---@field origin integer
---@field greeting string its bytes; empty in a journal of an older script
---@field terms gbatrace.Terms
---@field items gbatrace.PendingItem[] sets without their frames, and events
---@field sets integer
---@field last_number integer of the newest set
---@field last_frame integer
---@field last_time integer ms since the epoch
---@field bytes integer length of the good records
---@field whole boolean whether that is all of the file

---@type table<integer, fun(contents: gbatrace.JournalContents, payload: string, at: integer, length: integer)>
local READERS = {
   [KIND.OPENING] = function(contents, payload)
      local at
      contents.identity, contents.origin, at = unpack("<s4I8", payload)
      contents.greeting = at <= #payload and unpack("<s4", payload, at) or ""
   end,
   [KIND.SESSION] = function(contents, payload)
      local terms = contents.terms
      terms.session, terms.token, terms.origin = unpack("<s4s4I8", payload)
   end,
   [KIND.SET] = function(contents, payload, at, length)
      local number, frame, time, bits, interruption = unpack(SET_HEAD, payload)
      contents.items[#contents.items + 1] = {
         set = {
            number = number,
            interruption = interruption,
            has_screenshot = bits & WITH_SCREENSHOT ~= 0,
            undrawn = bits & UNDRAWN ~= 0,
            last_frame = frame,
            last_time = time,
            offset = at,
            length = length,
         },
      }
      contents.sets = contents.sets + 1
      contents.last_number, contents.last_frame, contents.last_time = number, frame, time
   end,
   [KIND.EVENT] = function(contents, payload)
      contents.items[#contents.items + 1] = { event = payload }
   end,
}

---@param contents gbatrace.JournalContents
---@param slice fun(offset: integer, length: integer): string?
---@param size integer of the file
---@return boolean whether another record was there
local function read_record(contents, slice, size)
   local at = contents.bytes
   local head = at + HEAD_BYTES <= size and slice(at, HEAD_BYTES)
   if not head then
      return false
   end
   local kind, length = unpack(HEAD, head)
   local reader = READERS[kind]
   if not reader or at + HEAD_BYTES + length > size then
      return false
   end
   local payload = slice(at + HEAD_BYTES, kind == KIND.SET and math.min(length, MAX_SET_HEAD) or length)
   if not payload or not pcall(reader, contents, payload, at, HEAD_BYTES + length) then
      return false
   end
   contents.bytes = at + HEAD_BYTES + length
   return true
end

--- Read a journal, without the frames of its sets.
---@param slice fun(offset: integer, length: integer): string? reads a part of it
---@param size integer
---@return gbatrace.JournalContents
function M.read(slice, size)
   local contents = {
      identity = "",
      origin = 0,
      greeting = "",
      terms = { session = "", token = "", origin = 0 },
      items = {},
      sets = 0,
      last_number = 0,
      last_frame = 0,
      last_time = 0,
      bytes = 0,
      whole = false,
   }
   while read_record(contents, slice, size) do
   end
   contents.whole = contents.bytes == size
   return contents
end

return M
