--- Hand-over of a session from a script to the one that follows it.
---
--- BizHawk stops a script when the core is swapped and starts it again in a new Lua state.
---
--- The first script's hand-over in userdata lets the second continue the session if the game is the same.

local M = {}

--- Seconds for which it counts: the next script follows at once; a later one was started by a person.
local FRESH_FOR = 10

local FORMAT = "%d\n%d\n%d\n%d\n%s\n%s\n%s"
local PATTERN = "^(%d+)\n(%d+)\n(%d+)\n(%d+)\n([^\n]*)\n([^\n]*)\n([^\n]*)$"

--- State of a session at the hand-over.
---@class gbatrace.HandOver
---@field session string
---@field token string resume token
---@field next_set integer number of the next set in the session
---@field last_frame integer the emulator's frame counter
---@field last_time integer ms since the epoch
---@field identity string of the game and how it is traced

---@param handover gbatrace.HandOver
---@param seconds integer now
---@return string
function M.pack(handover, seconds)
   return FORMAT:format(seconds, handover.next_set, handover.last_frame, handover.last_time, handover.session, handover.token, handover.identity)
end

---@param text string? from `pack`
---@param seconds integer now
---@param identity string of the game and how it is traced now
---@return gbatrace.HandOver? handover nil if there is no session to continue
function M.unpack(text, seconds, identity)
   local written, next_set, frame, time, session, token, of = (text or ""):match(PATTERN)
   if not written or of ~= identity or math.abs(seconds - tonumber(written)) > FRESH_FOR then
      return nil
   end
   return {
      session = session,
      token = token,
      next_set = math.tointeger(tonumber(next_set)),
      last_frame = math.tointeger(tonumber(frame)),
      last_time = math.tointeger(tonumber(time)),
      identity = of,
   }
end

return M
