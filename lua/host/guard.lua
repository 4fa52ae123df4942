--- Keeps an error in a callback from doing more harm than it has done. BizHawk leaves a callback registered whatever it throws, so without a
--- guard a broken script prints the same error sixty times a second.

local problems = require("host.problem")

---@class gbatrace.Guard
---@field private on_error fun(trace: string)
---@field private on_giving_up fun()
---@field private errors integer since the last long run without one
---@field private quiet integer calls without an error
---@field private told table<string, boolean> errors that were reported, without their numbers
---@field private off boolean
local Guard = {}
Guard.__index = Guard

local M = {}

--- After so many errors the script is beyond help.
local MOST_ERRORS = 5

--- So many calls without an error, ten seconds of play, and the errors before are forgiven.
local FORGIVEN_AFTER = 600

---@param on_error fun(trace: string) called once for each different error; numbers in its text make none
---@param on_giving_up fun() called when there were too many
---@return gbatrace.Guard
function M.new(on_error, on_giving_up)
   return setmetatable({
      on_error = on_error,
      on_giving_up = on_giving_up,
      errors = 0,
      quiet = 0,
      told = {},
      off = false,
   }, Guard)
end

---@param problem any
---@return string
local function trace(problem)
   return debug.traceback(problems.text(problem), 2)
end

---@param report string
function Guard:failed(report)
   self.errors, self.quiet = self.errors + 1, 0
   local kind = report:match("^[^\n]*"):gsub("%d+", "#")
   if not self.told[kind] then
      self.told[kind] = true
      pcall(self.on_error, report)
   end
   if self.errors >= MOST_ERRORS and not self.off then
      self.off = true
      pcall(self.on_giving_up)
   end
end

--- Wrap a callback. What it returns is dropped.
---@generic A
---@param callback fun(argument: A)
---@return fun(argument: A)
function Guard:wrap(callback)
   return function(argument)
      if self.off then
         return
      end
      local ok, report = xpcall(callback, trace, argument)
      if not ok then
         self:failed(report)
         return
      end
      self.quiet = self.quiet + 1
      if self.quiet >= FORGIVEN_AFTER then
         self.errors, self.quiet = 0, 0
      end
   end
end

return M
