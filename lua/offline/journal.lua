--- The spool's journal: what is to be sent when the daemon is back, as it goes over the wire, in order.
---
--- A record is its kind (1 byte), the length of what follows (4 bytes, little-endian) and its payload. The emulator may die at any moment, so
--- the last record may be cut off; what stands before it is good.

local pack, unpack = string.pack, string.unpack

local M = {}

--- What a record tells.
local KIND = {
   --- Purpose of the spool: identity, the set that its snapshots count from, and the greeting with which anybody can deliver it.
   SPOOL = 0,
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

--- Bits of SET_HEAD about the picture.
local PICTURED, UNDRAWN = 1, 2

--- Bytes that hold any SET_HEAD.
local SET_HEAD_MOST = 3 * 8 + 1 + 1 + 255

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
function M.spool(identity, origin, greeting)
   return record(KIND.SPOOL, pack("<s4I8s4", identity, origin, greeting))
end

---@param terms gbatrace.Terms
---@return string
function M.session(terms)
   return record(KIND.SESSION, pack("<s4s4I8", terms.session, terms.token, terms.origin))
end

---@param set gbatrace.HeldSet its frames written out
---@return string
function M.set(set)
   local picture = (set.pictured and PICTURED or 0) | (set.undrawn and UNDRAWN or 0)
   local parts = { pack(SET_HEAD, set.number, set.last_frame, set.last_time, picture, set.interruption) }
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

--- What is left of a journal.
---@class gbatrace.Remains
---@field identity string
---@field origin integer
---@field greeting string its bytes; empty in a journal of an older script
---@field terms gbatrace.Terms
---@field items gbatrace.HeldItem[] sets without their frames, and events
---@field sets integer
---@field last_number integer of the newest set
---@field last_frame integer
---@field last_time integer ms since the epoch
---@field bytes integer that are good
---@field whole boolean whether all of the file is

---@type table<integer, fun(remains: gbatrace.Remains, payload: string, at: integer, length: integer)>
local TAKE = {
   [KIND.SPOOL] = function(remains, payload)
      local at
      remains.identity, remains.origin, at = unpack("<s4I8", payload)
      remains.greeting = at <= #payload and unpack("<s4", payload, at) or ""
   end,
   [KIND.SESSION] = function(remains, payload)
      local terms = remains.terms
      terms.session, terms.token, terms.origin = unpack("<s4s4I8", payload)
   end,
   [KIND.SET] = function(remains, payload, at, length)
      local number, frame, time, picture, interruption = unpack(SET_HEAD, payload)
      remains.items[#remains.items + 1] = {
         set = {
            number = number,
            interruption = interruption,
            pictured = picture & PICTURED ~= 0,
            undrawn = picture & UNDRAWN ~= 0,
            last_frame = frame,
            last_time = time,
            place = at,
            length = length,
         },
      }
      remains.sets = remains.sets + 1
      remains.last_number, remains.last_frame, remains.last_time = number, frame, time
   end,
   [KIND.EVENT] = function(remains, payload)
      remains.items[#remains.items + 1] = { event = payload }
   end,
}

---@param remains gbatrace.Remains
---@param slice fun(offset: integer, length: integer): string?
---@param size integer of the file
---@return boolean whether another record was there
local function read_record(remains, slice, size)
   local at = remains.bytes
   local head = at + HEAD_BYTES <= size and slice(at, HEAD_BYTES)
   if not head then
      return false
   end
   local kind, length = unpack(HEAD, head)
   local take = TAKE[kind]
   if not take or at + HEAD_BYTES + length > size then
      return false
   end
   local payload = slice(at + HEAD_BYTES, kind == KIND.SET and math.min(length, SET_HEAD_MOST) or length)
   if not payload or not pcall(take, remains, payload, at, HEAD_BYTES + length) then
      return false
   end
   remains.bytes = at + HEAD_BYTES + length
   return true
end

--- Read a journal, without the frames of its sets.
---@param slice fun(offset: integer, length: integer): string? reads a part of it
---@param size integer
---@return gbatrace.Remains
function M.read(slice, size)
   local remains = {
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
   while read_record(remains, slice, size) do
   end
   remains.whole = remains.bytes == size
   return remains
end

return M
