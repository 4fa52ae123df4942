--- The tracer: follows the emulator frame by frame, opens a session for each game, and tells time that goes on from time that breaks.

local buttons = require("scan.buttons")
local captions = require("scan.caption")
local clocks = require("scan.clock")
local deliveries = require("offline.delivery")
local discontinuities = require("scan.discontinuity")
local hotkeys = require("scan.hotkeys")
local spec = require("wire.spec")
local readers = require("scan.readers")
local sessions = require("scan.session")
local spools = require("offline.spool")

---@class gbatrace.Tracer
---@field private host gbatrace.Host
---@field private settings gbatrace.Settings
---@field private problems string[] with the settings
---@field private clock gbatrace.Clock
---@field private caption gbatrace.Caption
---@field private hotkeys gbatrace.Hotkeys
---@field private discontinuity gbatrace.Discontinuity
---@field private rom string? hash
---@field private considered boolean whether a session was opened for the ROM, or cannot be
---@field private delivery gbatrace.Delivery? of what earlier runs left, before the session opens
---@field private has_pc boolean
---@field private session gbatrace.Session?
local Tracer = {}
Tracer.__index = Tracer

local M = {}

---@param host gbatrace.Host
---@param settings gbatrace.Settings
---@param problems string[] sentences about the settings
---@return gbatrace.Tracer
function M.new(host, settings, problems)
   return setmetatable({
      host = host,
      settings = settings,
      problems = problems,
      clock = clocks.new(),
      caption = captions.new(),
      hotkeys = hotkeys.new(settings.hotkeys),
      discontinuity = discontinuities.new(),
      considered = false,
      has_pc = false,
   }, Tracer)
end

--- EVENT names of breaks.
---@type table<gbatrace.Cause, string>
local EVENT_NAMES = { savestate = "savestate_loaded", reset = "reset", rewind = "rewind", jump = "jump" }

--- Why the regions cannot be scanned in this core.
---@param areas gbatrace.Region[]
---@param domains table<string, integer>
---@return string? problem
local function missing_domain(areas, domains)
   for _, area in ipairs(areas) do
      local size = domains[area.domain]
      if not size then
         local names = {}
         for name in pairs(domains) do
            names[#names + 1] = name
         end
         table.sort(names)
         local there = #names > 0 and table.concat(names, ", ") or "none"
         return ("this core has no memory domain %s (region %s of config.lua); it has %s"):format(area.domain, area.name, there)
      elseif area.offset + area.size > size then
         return ("region %s does not fit the memory domain %s, which has %d bytes"):format(area.name, area.domain, size)
      end
   end
end

---@param areas gbatrace.Region[]
---@return string
local function names_of(areas)
   local names = {}
   for i, area in ipairs(areas) do
      names[i] = area.name:upper()
   end
   return table.concat(names, " + ")
end

--- Note which game is loaded. All else waits for the first frame: in the main chunk 2.10 does not catch what BizHawk throws.
function Tracer:start()
   self.rom = self.host.game.rom_hash()
end

--- Open a session for the game, if there is one that can be traced, behind what earlier runs left. Without a link it is never opened, and
--- all of it is held, in a spool of its own.
function Tracer:consider()
   self.considered = true
   local host, settings = self.host, self.settings
   if not host.linked then
      self:begin_session({})
      return
   end
   local left = settings.spool_size > 0 and spools.left_behind(host.disk, settings.spool_folder) or {}
   self:begin_session(left)
   if #left > 0 then
      self.delivery = deliveries.new(host, settings, left)
   elseif self.session then
      self.session:open()
   end
end

--- Make a session for the game, if there is one that can be traced.
---@param left gbatrace.Left[] what lies in the spool folder; what is gone on with is taken out
function Tracer:begin_session(left)
   local host, settings = self.host, self.settings
   local game = host.game
   local system = game.system()
   if self.rom == "" or system == game.NO_SYSTEM then
      return
   end
   local problem = missing_domain(settings.regions, host.memory.domains())
   if problem then
      host.say(problem .. "; this game is not traced")
      return
   end
   local memory = host.memory.probe(settings.regions[1].domain)
   local reader, reader_problem = readers.choose(settings.reader, memory)
   local mode, mode_problem = readers.scan_mode(settings.scan_mode, reader.name)
   self.has_pc = game.has_pc()
   local problems = { table.unpack(self.problems) }
   problems[#problems + 1] = reader_problem
   problems[#problems + 1] = mode_problem
   if not self.has_pc then
      problems[#problems + 1] = "this core does not tell its program counter; it is recorded as 0"
   end
   self:say_what_runs(reader, mode, problems)
   local greeting = {
      client = game.client(),
      system = system,
      rom_name = game.rom_name(),
      rom_hash = self.rom,
      regions = settings.regions,
      frames_per_set = settings.frames_per_set,
      scan_mode = mode,
      reader = reader.name,
      buttons = buttons.NAMES,
      token = settings.token,
   }
   local spool = spools.new(host.disk, host.say, greeting, settings, not host.linked)
   self.session = sessions.new(greeting, settings, reader.new(memory), memory.hash, host.deliver, spool, game.skips_frames)
   self.session:tick(host.seconds())
   self.session:recover(left, host.take(), host.seconds(), game.frame_count())
   if #problems > 0 then
      self.session:event("settings", { problem = table.concat(problems, "; ") })
   end
end

---@param reader gbatrace.ReaderKind
---@param mode gbatrace.ScanMode
---@param problems string[]
function Tracer:say_what_runs(reader, mode, problems)
   local host, settings = self.host, self.settings
   for _, problem in ipairs(problems) do
      host.say(problem)
   end
   host.say(
      ("version %s on %s: %s, %s scan of %s, %d frames per set"):format(
         spec.SCRIPT,
         host.game.client(),
         reader.phrase,
         mode,
         names_of(settings.regions),
         settings.frames_per_set
      )
   )
end

--- Another ROM, or none. Its memory is left alone until the next frame: reading it now has crashed emulators.
---@param rom string hash
function Tracer:change_rom(rom)
   self:stop_delivery("another game was loaded")
   if self.session then
      self.session:event("rom_changed", { from = self.rom, to = rom })
      self:close("rom", "another game was loaded")
   end
   self.rom, self.considered = rom, false
   self.discontinuity = discontinuities.new()
end

---@param reason string
function Tracer:stop_delivery(reason)
   if self.delivery then
      self.delivery:stop(reason)
      self.delivery = nil
   end
end

---@param interruption gbatrace.Interruption
---@param reason string
function Tracer:close(interruption, reason)
   local lost, kept, folder = self.session:close(interruption, reason)
   local linked = self.host.linked
   if lost > 0 then
      self.host.say(lost .. " frame sets could not be " .. (linked and "delivered: there was no daemon to take them" or "kept on disk"))
   end
   if kept > 0 then
      local whither = linked and "wait for the next start, which delivers them" or "were recorded; " .. spools.advice(folder)
      self.host.say(kept .. " frame sets " .. whither)
   end
   local word = self.session:word(self.host.seconds())
   if word then
      self.host.leave(word)
   end
   self.session = nil
end

---@param ended gbatrace.Break
function Tracer:tell_break(ended)
   self.session:event(EVENT_NAMES[ended.cause], { from = ended.from, to = ended.to, name = ended.savestate })
end

--- A frame has ended.
function Tracer:frame_end()
   local host = self.host
   local game = host.game
   local rom = game.rom_hash()
   if rom ~= self.rom then
      self:change_rom(rom)
      return
   elseif not self.considered then
      self:consider()
   end
   local session, seconds = self.session, host.seconds()
   if self.delivery then
      self:deliver_first(seconds)
   end
   if not session then
      return
   end
   session:tick(seconds)
   local number, pressed, time = game.frame_count(), game.joypad(), self.clock:tick(seconds)
   local state, broken = self.discontinuity:observe(number, pressed[buttons.POWER] == true)
   if state == "broken" then
      session:interrupt(broken.cause)
   else
      if state == "settled" then
         self:tell_break(broken)
      end
      self:obey_keys(session, number, time)
      session:frame(number, time, self.has_pc and game.pc() or 0, buttons.bits(pressed))
   end
   self:draw(self.delivery and self.delivery:text() or session.link:text())
end

--- Deliver what earlier runs left, then open the session. BizHawk has one socket, so one comes after the other.
---@param seconds integer since the epoch
function Tracer:deliver_first(seconds)
   if self.delivery:frame(seconds) then
      return
   end
   self.delivery = nil
   if self.session then
      self.session:open()
   end
end

--- Do what the hotkeys ask for. A frame that carries a proof is dear enough without a look at the keyboard; the next one looks.
---@param session gbatrace.Session
---@param number integer of the frame
---@param time integer ms since the epoch
function Tracer:obey_keys(session, number, time)
   if not self.hotkeys:any() or session:proves_next() then
      return
   end
   for _, action in ipairs(self.hotkeys:pressed(self.host.game.keys())) do
      session:event(action.name, action.details, number, time)
      self.caption:notice(action.notice)
   end
end

---@param standing string
function Tracer:draw(standing)
   if self.settings.on_screen then
      local text = self.caption:text(standing)
      if text ~= "" then
         self.host.draw(text)
      end
   end
end

--- A savestate has been loaded.
---@param name string
function Tracer:savestate_loaded(name)
   self.discontinuity:savestate_loaded(name)
end

--- A savestate has been saved.
---@param name string
function Tracer:savestate_saved(name)
   if self.session then
      self.session:event("savestate_saved", { name = name })
   end
end

--- The script made an error: tell of it, and do not join what follows to what was.
---@param report string
function Tracer:stumble(report)
   self.discontinuity:stumble()
   self.host.say(report)
   if self.session then
      self.session:event("error", { message = report })
   end
end

--- End the session, if one is open.
---@param reason string
function Tracer:stop(reason)
   self:stop_delivery(reason)
   if self.session then
      self:close("stop", reason)
   end
   self.considered = true
end

return M
