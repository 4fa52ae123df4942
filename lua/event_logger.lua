--- gbatrace: traces a game's memory from inside BizHawk and streams what changes to the gbatrace daemon.
---
--- Load this file in BizHawk's Lua console, or start BizHawk with --lua=event_logger.lua; settings are in config.lua beside it.

-- BizHawk looks for modules in its own Lua folder first, where an old copy of ours may lie.
local BESIDE_THE_SCRIPT = "./?.lua;"
if package.path:sub(1, #BESIDE_THE_SCRIPT) ~= BESIDE_THE_SCRIPT then
   package.path = BESIDE_THE_SCRIPT .. package.path
end

-- A script that a player starts again runs in the same Lua state; without this it would run its old modules.
for name in pairs(package.loaded) do
   if name:find("^scan%.") or name:find("^wire%.") or name:find("^host%.") or name:find("^offline%.") then
      package.loaded[name] = nil
   end
end

local comm = require("host.comm")
local console = require("host.console")
local courier = require("host.courier")
local disk = require("host.disk")
local events = require("host.events")
local game = require("host.game")
local guards = require("host.guard")
local memory = require("host.memory")
local problem_texts = require("host.problem")
local screen = require("host.screen")
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
      return nil, { "config.lua fails: " .. problem_texts.text(raw) }
   end
   return settings_rules.check(raw, userdata.get)
end

---@param settings gbatrace.Settings
---@param problems string[]
local function trace(settings, problems)
   local socket = comm.open(settings.patience)
   local tracer = tracers.new({
      game = game,
      memory = memory,
      disk = disk,
      say = console.say,
      draw = screen.writer(settings.on_screen_x, settings.on_screen_y),
      seconds = os.time,
      leave = userdata.leave,
      take = userdata.take,
      linked = comm.available(),
      deliver = function(link)
         courier.run(link, socket, console.say)
      end,
   }, settings, problems)

   local guard = guards.new(function(report)
      tracer:stumble(report)
   end, function()
      console.say("there were too many errors; tracing is off, the game goes on")
      tracer:stop("too many errors")
   end)
   local function stop(reason)
      return guard:wrap(function()
         tracer:stop(reason)
      end)
   end

   guard:wrap(function()
      tracer:start()
   end)()
   events.register({
      frame_end = guard:wrap(function()
         tracer:frame_end()
      end),
      savestate_loaded = guard:wrap(function(name)
         tracer:savestate_loaded(name)
      end),
      savestate_saved = guard:wrap(function(name)
         tracer:savestate_saved(name)
      end),
      exit = stop("the script was stopped"),
      console_close = stop("the Lua console was closed"),
   })
end

local settings, problems = load_settings()
if not settings then
   for _, problem in ipairs(problems) do
      console.say(problem)
   end
   console.say("tracing is off until config.lua is mended and the script is started again")
elseif not comm.available() and settings.spool_size == 0 then
   console.say("there is nobody to trace for, and spool_size is 0 in config.lua; " .. comm.ADVICE)
else
   trace(settings, problems)
end
events.stay()
