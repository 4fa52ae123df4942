--- Numbers and names of the link's specification, `protocol/README.md`.
---
--- A test compares them with that page and with Python.

local M = {}

--- Link protocol version.
M.PROTOCOL = 1

--- Version of this script; equals the version of the package.
M.SCRIPT = "0.1.0"

--- Largest payload in bytes, armour included.
M.MAX_PAYLOAD = 4194304

--- Longest text in bytes.
M.MAX_TEXT = 4096

M.MAX_REGIONS = 16
M.MAX_REGION_BYTES = 1048576

--- Names of regions, as a pattern, and their longest.
M.REGION_NAME = "^[A-Za-z0-9_.-]+$"
M.MAX_REGION_NAME = 32

M.MAX_CHUNK_WORDS = 65536
M.MAX_FRAMES_PER_SET = 60

--- Kinds of messages, by the number at their head.
---@enum gbatrace.Kind
M.KIND = {
   HELLO = 1,
   KEYFRAME = 2,
   FRAME = 3,
   SET_END = 4,
   PROOF = 5,
   EVENT = 6,
   BYE = 7,
   WELCOME = 64,
   REFUSED = 65,
   ACK = 66,
   FAREWELL = 67,
}

--- Reason for which a frame set was cut short; empty for a complete one.
---@alias gbatrace.Interruption ""|"savestate"|"reset"|"rewind"|"rom"|"stop"|"jump"

return M
