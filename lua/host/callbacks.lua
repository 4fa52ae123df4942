--- BizHawk's callbacks, each behind a guard against its errors.
---
--- BizHawk leaves a callback registered whatever it throws, so without a guard a broken script prints the same error sixty times a second.

local errors = require("host.errors")

---@class gbatrace.Callbacks
---@field frame_end fun()
---@field savestate_loaded fun(name: string)
---@field savestate_saved fun(name: string)
---@field exit fun() the script was stopped
---@field console_close fun()

---@class gbatrace.Guard
---@field private on_error fun(trace: string)
---@field private on_giving_up fun()
---@field private errors integer since the last long run without one
---@field private calls_without_error integer
---@field private reported table<string, boolean> errors that were reported, without their numbers
---@field private off boolean
local Guard = {}
Guard.__index = Guard

local M = {}

--- After so many errors the callbacks are turned off.
local MAX_ERRORS = 5

--- After so many calls without an error, ten seconds of play, the errors before no longer count.
local RESET_AFTER = 600

---@param on_error fun(trace: string) called once for each different error; numbers in its text make none
---@param on_giving_up fun() called when there were too many
---@return gbatrace.Guard
function M.guard(on_error, on_giving_up)
   return setmetatable({
      on_error = on_error,
      on_giving_up = on_giving_up,
      errors = 0,
      calls_without_error = 0,
      reported = {},
      off = false,
   }, Guard)
end

---@param problem any
---@return string
local function trace(problem)
   return debug.traceback(errors.text(problem), 2)
end

---@param report string
function Guard:failed(report)
   self.errors, self.calls_without_error = self.errors + 1, 0
   local kind = report:match("^[^\n]*"):gsub("%d+", "#")
   if not self.reported[kind] then
      self.reported[kind] = true
      pcall(self.on_error, report)
   end
   if self.errors >= MAX_ERRORS and not self.off then
      self.off = true
      pcall(self.on_giving_up)
   end
end

--- Call a function. What it returns is dropped, and so are calls once there were too many errors.
---@param callback fun(argument: any)
---@param argument any
function Guard:call(callback, argument)
   if self.off then
      return
   end
   local ok, report = xpcall(callback, trace, argument)
   if not ok then
      self:failed(report)
      return
   end
   self.calls_without_error = self.calls_without_error + 1
   if self.calls_without_error >= RESET_AFTER then
      self.errors, self.calls_without_error = 0, 0
   end
end

---@param guard gbatrace.Guard
---@param callbacks gbatrace.Callbacks
function M.register(guard, callbacks)
   local function guarded(callback)
      return function(argument)
         guard:call(callback, argument)
      end
   end

   event.onframeend(guarded(callbacks.frame_end))
   event.onloadstate(guarded(callbacks.savestate_loaded))
   event.onsavestate(guarded(callbacks.savestate_saved))
   event.onexit(guarded(callbacks.exit))
   event.onconsoleclose(guarded(callbacks.console_close))
end

--- Keep the script alive; all work is done in callbacks. Never returns.
function M.keep_alive()
   while true do
      emu.frameadvance()
   end
end

return M
