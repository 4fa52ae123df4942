--- gbatrace's script in BizHawk: traces a game's memory and streams its changes to a daemon.
---
--- Load this file in BizHawk's Lua console, or start BizHawk with --lua=event_logger.lua; settings are in config.lua next to it.

-- BizHawk looks for modules in its own Lua folder first, where an old copy of ours may lie.
local SCRIPT_FOLDER = "./?.lua;"
if package.path:sub(1, #SCRIPT_FOLDER) ~= SCRIPT_FOLDER then
   package.path = SCRIPT_FOLDER .. package.path
end

-- A script that a player starts again runs in the same Lua state; without this it would run its old modules.
for name in pairs(package.loaded) do
   if name:find("^scan%.") or name:find("^wire%.") or name:find("^host%.") or name:find("^offline%.") then
      package.loaded[name] = nil
   end
end

local callbacks = require("host.callbacks")
local comm = require("host.comm")
local disk = require("host.disk")
local display = require("host.display")
local errors = require("host.errors")
local game = require("host.game")
local memory = require("host.memory")
local settings_rules = require("scan.settings")
local tracers = require("scan.tracer")
local userdata = require("host.userdata")

---@return gbatrace.Settings? settings nil if the script cannot run with them
---@return string[] problems
local function load_settings()
   local config, problem = loadfile("config.lua")
   if not config then
      return nil, { "config.lua cannot be read: " .. problem }
   end
   local ok, raw = pcall(config)
   if not ok then
      return nil, { "config.lua fails: " .. errors.text(raw) }
   end
   return settings_rules.check(raw, userdata.get)
end

---@param settings gbatrace.Settings
---@param problems string[]
local function trace(settings, problems)
   local tracer = tracers.new({
      game = game,
      memory = memory,
      disk = disk,
      say = display.say,
      draw = display.writer(settings.on_screen_x, settings.on_screen_y),
      seconds = os.time,
      leave_handover = userdata.leave_handover,
      take_handover = userdata.take_handover,
      has_socket = comm.available(),
      run_link = function(link)
         comm.run(link, settings.patience, display.say)
      end,
   }, settings, problems)

   local guard = callbacks.guard(function(report)
      tracer:mark_error(report)
   end, function()
      display.say("there were too many errors; tracing is off, the game goes on")
      tracer:stop("too many errors")
   end)
   guard:call(function()
      tracer:start()
   end)
   callbacks.register(guard, {
      frame_end = function()
         tracer:frame_end()
      end,
      savestate_loaded = function(name)
         tracer:savestate_loaded(name)
      end,
      savestate_saved = function(name)
         tracer:savestate_saved(name)
      end,
      exit = function()
         tracer:stop("the script was stopped")
      end,
      console_close = function()
         tracer:stop("the Lua console was closed")
      end,
   })
end

local settings, problems = load_settings()
if not settings then
   for _, problem in ipairs(problems) do
      display.say(problem)
   end
   display.say("tracing is off until config.lua is corrected and the script is started again")
elseif not comm.available() and settings.spool_size == 0 then
   display.say("there is no daemon to send to, and spool_size is 0 in config.lua, so nothing is recorded; " .. comm.ADVICE)
else
   trace(settings, problems)
end
callbacks.keep_alive()
