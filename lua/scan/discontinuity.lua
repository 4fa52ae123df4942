--- Notices that the game's time did not simply go on by one frame: a savestate was loaded, the console was reset, somebody rewinds.
---
--- A break lasts until two frames follow each other again, so that a rewind of three seconds is one event and not a hundred and eighty.

---@alias gbatrace.Cause "savestate"|"reset"|"rewind"|"jump"

---@class gbatrace.Break
---@field cause gbatrace.Cause
---@field from integer the last frame before
---@field to integer the first frame after
---@field savestate string? its name

---@class gbatrace.Discontinuity
---@field private last integer? frame seen last
---@field private loaded string? name of a savestate loaded since
---@field private stumbled boolean
---@field private open gbatrace.Break? the break that has not ended
local Discontinuity = {}
Discontinuity.__index = Discontinuity

local M = {}

--- A counter that falls to one of these was started anew.
local FIRST_FRAMES = 2

---@return gbatrace.Discontinuity
function M.new()
   return setmetatable({ stumbled = false }, Discontinuity)
end

--- Whether a frame is one of the first after the console's start.
---@param frame integer the emulator's frame counter
---@return boolean
function M.is_start(frame)
   return frame <= FIRST_FRAMES
end

--- A savestate has been loaded; the next frame is another time.
---@param name string
function Discontinuity:savestate_loaded(name)
   self.loaded = name
end

--- The script lost a frame by its own fault; the next one cannot be joined to what was.
function Discontinuity:stumble()
   self.stumbled = true
end

---@param last integer
---@param frame integer
---@param reset boolean
---@return gbatrace.Cause?
function Discontinuity:cause(last, frame, reset)
   if self.loaded then
      return "savestate"
   elseif reset then
      return "reset"
   elseif frame > last + 1 or self.stumbled then
      return "jump"
   elseif frame <= last then
      return M.is_start(frame) and "reset" or "rewind"
   end
end

--- Tell of a frame that has ended.
---@param frame integer the emulator's frame counter
---@param reset boolean whether the console's power switch was pressed in it
---@return "steady"|"broken"|"settled" state `broken`: do not scan this frame; `settled`: the break is over, scan from a clean start
---@return gbatrace.Break? when broken or settled
function Discontinuity:observe(frame, reset)
   local last = self.last
   local cause = last and self:cause(last, frame, reset)
   local name = self.loaded
   self.last, self.loaded, self.stumbled = frame, nil, false
   if cause then
      self.open = self.open or { cause = cause, from = last, to = frame, savestate = name }
      self.open.to = frame
      return "broken", self.open
   end
   local ended = self.open
   if ended then
      self.open = nil
      return "settled", ended
   end
   return "steady"
end

return M
