--- Hand-over between scripts: BizHawk stops a script when the core is swapped and starts it again in a new Lua state, which knows nothing.
---
--- What the first one leaves in userdata lets the second go on with the session, where the game is the same.

local M = {}

--- Seconds after which nobody goes on: the next script follows at once, or was started by a person later.
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

---@param left gbatrace.HandOver
---@param seconds integer now
---@return string
function M.pack(left, seconds)
   return FORMAT:format(seconds, left.next_set, left.last_frame, left.last_time, left.session, left.token, left.identity)
end

---@param word string? from `pack`
---@param seconds integer now
---@param identity string of the game and how it is traced now
---@return gbatrace.HandOver? left nil if there is nothing to go on with
function M.unpack(word, seconds, identity)
   local written, next_set, frame, time, session, token, whose = (word or ""):match(PATTERN)
   if not written or whose ~= identity or math.abs(seconds - tonumber(written)) > FRESH_FOR then
      return nil
   end
   return {
      session = session,
      token = token,
      next_set = math.tointeger(tonumber(next_set)),
      last_frame = math.tointeger(tonumber(frame)),
      last_time = math.tointeger(tonumber(time)),
      identity = whose,
   }
end

return M
