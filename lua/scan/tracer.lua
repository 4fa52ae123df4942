--- Tracer: the script's main object, which follows the emulator frame by frame.
---
--- It opens a session for each game, and closes it when the game is swapped or the script ends.

local buttons = require("scan.buttons")
local clocks = require("scan.clock")
local deliveries = require("offline.delivery")
local discontinuities = require("scan.discontinuity")
local gba = require("scan.gba")
local hotkeys = require("scan.hotkeys")
local readers = require("scan.readers")
local sessions = require("scan.session")
local outboxes = require("wire.outbox")
local spec = require("wire.spec")
local spool_folders = require("offline.spool_folders")
local spools = require("offline.spool")

---@class gbatrace.Tracer
---@field private host gbatrace.Host
---@field private settings gbatrace.Settings
---@field private problems string[] with the settings
---@field private clock gbatrace.Clock
---@field private hotkeys gbatrace.Hotkeys
---@field private discontinuity gbatrace.Discontinuity
---@field private rom string? hash
---@field private game_checked boolean whether it was decided if there is a session for the ROM
---@field private delivery gbatrace.Delivery? of what earlier runs left, until the session opens
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
      hotkeys = hotkeys.new(settings.hotkeys),
      discontinuity = discontinuities.new(),
      game_checked = false,
      has_pc = false,
   }, Tracer)
end

--- EVENT names of breaks.
---@type table<gbatrace.Cause, gbatrace.EventName>
local EVENT_NAMES = { savestate = "savestate_loaded", reset = "reset", rewind = "rewind", jump = "jump" }

--- Find a reason why the regions cannot be scanned in this core.
---@param regions gbatrace.Region[]
---@param domains table<string, integer>
---@return string? problem
local function missing_domain(regions, domains)
   for _, region in ipairs(regions) do
      local size = domains[region.domain]
      if not size then
         local names = {}
         for name in pairs(domains) do
            names[#names + 1] = name
         end
         table.sort(names)
         local there = #names > 0 and table.concat(names, ", ") or "none"
         return ("this core has no memory domain %s (region %s of config.lua); it has %s"):format(region.domain, region.name, there)
      elseif region.offset + region.size > size then
         return ("region %s does not fit the memory domain %s, which has %d bytes"):format(region.name, region.domain, size)
      end
   end
end

---@param regions gbatrace.Region[]
---@return string
local function names_of(regions)
   local names = {}
   for i, region in ipairs(regions) do
      names[i] = region.name:upper()
   end
   return table.concat(names, " + ")
end

--- Note which game is loaded. The rest waits for the first frame: in the main chunk 2.10 does not catch what BizHawk throws.
function Tracer:start()
   self.rom = self.host.game.rom_hash()
end

--- Create a session if a game is loaded that can be traced, and open it once what earlier runs left is delivered. Without a socket it is never
--- opened, and all of it goes to a spool of its own.
function Tracer:open_session_if_game()
   self.game_checked = true
   local host, settings = self.host, self.settings
   if not host.has_socket then
      self:create_session({})
      return
   end
   local leftovers = settings.spool_size > 0 and spool_folders.leftovers(host.disk, settings.spool_folder) or {}
   self:create_session(leftovers)
   if #leftovers > 0 then
      self.delivery = deliveries.new(host, settings, leftovers)
   elseif self.session then
      self.session:open()
   end
end

--- Create a session for the game, if there is one that can be traced.
---@param leftovers gbatrace.Leftover[] what lies in the spool folder; the one that is continued is taken out
function Tracer:create_session(leftovers)
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
      problems[#problems + 1] = "this core does not show its program counter; it is recorded as 0"
   end
   self:announce(reader, mode, problems)
   local greeting = {
      client = game.client(),
      system = system,
      rom_name = game.rom_name(),
      rom_hash = self.rom,
      regions = settings.regions,
      frames_per_set = settings.frames_per_set,
      scan_mode = mode,
      reader = reader.name,
      buttons = gba.BUTTONS,
      token = settings.token,
   }
   local spool = spools.new(host.disk, host.say, greeting, settings, not host.has_socket)
   self.session = sessions.new(greeting, settings, {
      reader = reader.new(memory),
      hash = memory.hash,
      spool = spool,
      run_link = host.run_link,
      skips_frames = game.skips_frames,
   })
   self.session:on_frame(host.seconds())
   self.session:recover(leftovers, host.take_handover(), host.seconds(), game.frame_count())
   if #problems > 0 then
      self.session:event("settings", { problem = table.concat(problems, "; ") })
   end
end

---@param reader gbatrace.ReaderKind
---@param mode gbatrace.ScanMode
---@param problems string[]
function Tracer:announce(reader, mode, problems)
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

--- Go to another ROM, or none. Its memory is not read until the next frame: reading it now has crashed emulators.
---@param rom string hash
function Tracer:change_rom(rom)
   self:stop_delivery("another game was loaded")
   if self.session then
      self.session:event("rom_changed", { from = self.rom, to = rom })
      self:close("rom", "another game was loaded")
   end
   self.rom, self.game_checked = rom, false
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
   local has_socket = self.host.has_socket
   if lost > 0 then
      self.host.say(outboxes.counted(lost) .. " could not be " .. (has_socket and "delivered: there was no daemon to take them" or "kept on disk"))
   end
   if kept > 0 then
      local where = has_socket and "will be delivered at the next start" or "recorded; " .. spool_folders.advice(folder)
      self.host.say(outboxes.counted(kept) .. " " .. where)
   end
   local handover = self.session:handover(self.host.seconds())
   if handover then
      self.host.leave_handover(handover)
   end
   self.session = nil
end

---@param ended gbatrace.Break
function Tracer:send_break_event(ended)
   self.session:event(EVENT_NAMES[ended.cause], { from = ended.from, to = ended.to, name = ended.savestate })
end

--- Trace a frame that has ended.
function Tracer:frame_end()
   local host = self.host
   local game = host.game
   local rom = game.rom_hash()
   if rom ~= self.rom then
      self:change_rom(rom)
      return
   elseif not self.game_checked then
      self:open_session_if_game()
   end
   local session, seconds = self.session, host.seconds()
   if self.delivery then
      self:continue_delivery(seconds)
   end
   if not session then
      return
   end
   session:on_frame(seconds)
   local number, pressed, time = game.frame_count(), game.joypad(), self.clock:on_frame(seconds)
   local state, broken = self.discontinuity:observe(number, pressed[gba.POWER] == true)
   if state == "broken" then
      session:interrupt(broken.cause)
   else
      if state == "settled" then
         self:send_break_event(broken)
      end
      self:run_hotkeys(session, number, time)
      session:scan_frame(number, time, self.has_pc and game.pc() or 0, buttons.bits(pressed))
   end
   self:draw(self.delivery and self.delivery:status() or session.link:status())
end

--- Deliver what earlier runs left, then open the session. BizHawk has one socket, so one comes after the other.
---@param seconds integer since the epoch
function Tracer:continue_delivery(seconds)
   if self.delivery:frame(seconds) then
      return
   end
   self.delivery = nil
   if self.session then
      self.session:open()
   end
end

--- Carry out the hotkeys. A frame that carries a proof costs enough without a look at the keyboard; the next one looks.
---@param session gbatrace.Session
---@param number integer of the frame
---@param time integer ms since the epoch
function Tracer:run_hotkeys(session, number, time)
   if not self.hotkeys:any() or session:is_proof_due() then
      return
   end
   for _, action in ipairs(self.hotkeys:pressed(self.host.game.keys())) do
      session:event(action.name, action.details, number, time)
   end
end

---@param status string
function Tracer:draw(status)
   if self.settings.on_screen then
      local text = self.hotkeys:caption(status)
      if text ~= "" then
         self.host.draw(text)
      end
   end
end

--- Note that a savestate has been loaded.
---@param name string
function Tracer:savestate_loaded(name)
   self.discontinuity:savestate_loaded(name)
end

--- Report that a savestate has been saved.
---@param name string
function Tracer:savestate_saved(name)
   if self.session then
      self.session:event("savestate_saved", { name = name })
   end
end

--- Report an error of the script, and treat what follows as a discontinuity.
---@param report string
function Tracer:mark_error(report)
   self.discontinuity:mark_error()
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
   self.game_checked = true
end

return M
