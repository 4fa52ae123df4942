--- Detector of discontinuities: frames that do not follow the one before.
---
--- They come from a savestate, a reset, a rewind, a jump of the frame counter, or an error of the script.
---
--- A break lasts until two frames follow each other again, so that a rewind of three seconds is one event and not 180.

---@alias gbatrace.Cause "savestate"|"reset"|"rewind"|"jump"

---@class gbatrace.Break
---@field cause gbatrace.Cause
---@field from integer the last frame before
---@field to integer the first frame after
---@field savestate string? its name

---@class gbatrace.Discontinuity
---@field private last integer? frame seen last
---@field private loaded string? name of a savestate loaded since
---@field private had_error boolean
---@field private current gbatrace.Break? the break that has not ended
local Discontinuity = {}
Discontinuity.__index = Discontinuity

local M = {}

--- A frame counter that falls to one of these began again: the console was reset.
local FIRST_FRAMES = 2

---@return gbatrace.Discontinuity
function M.new()
   return setmetatable({ had_error = false }, Discontinuity)
end

--- Return whether a frame is one of the first after the console's start.
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

--- An error in the script cost a frame: the next one does not follow the one before.
function Discontinuity:mark_error()
   self.had_error = true
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
   elseif frame > last + 1 or self.had_error then
      return "jump"
   elseif frame <= last then
      return M.is_start(frame) and "reset" or "rewind"
   end
end

--- Judge a frame that has ended.
---@param frame integer the emulator's frame counter
---@param reset boolean whether the console's power switch was pressed in it
---@return "steady"|"broken"|"settled" state `broken`: do not scan this frame; `settled`: the break is over, scan from a clean start
---@return gbatrace.Break? when broken or settled
function Discontinuity:observe(frame, reset)
   local last = self.last
   local cause = last and self:cause(last, frame, reset)
   local name = self.loaded
   self.last, self.loaded, self.had_error = frame, nil, false
   if cause then
      self.current = self.current or { cause = cause, from = last, to = frame, savestate = name }
      self.current.to = frame
      return "broken", self.current
   end
   local ended = self.current
   if ended then
      self.current = nil
      return "settled", ended
   end
   return "steady"
end

return M
