--- Recording of one game, from HELLO to BYE.
---
--- It scans frames, groups them into sets and passes them to the link.

local buttons = require("scan.buttons")
local chunks = require("scan.chunks")
local discontinuities = require("scan.discontinuity")
local handovers = require("scan.handover")
local links = require("wire.link")
local proofs = require("scan.proofs")
local scanners = require("scan.scanner")

---@class gbatrace.Session
---@field link gbatrace.Link
---@field private run_link fun(link: gbatrace.Link)
---@field private skips_frames fun(): boolean
---@field private scanner gbatrace.Scanner
---@field private proofs gbatrace.Proofs
---@field private keys gbatrace.KeyHistory
---@field private spool gbatrace.Spool
---@field private hash (fun(address: integer, length: integer, domain: string): string)? where it exists
---@field private frames_per_set integer
---@field private set integer
---@field private position integer of the next frame
---@field private last_frame integer
---@field private last_time integer
local Session = {}
Session.__index = Session

local M = {}

--- Parts of a session that come from elsewhere.
---@class gbatrace.SessionParts
---@field reader gbatrace.Reader
---@field hash (fun(address: integer, length: integer, domain: string): string)? where it exists
---@field spool gbatrace.Spool
---@field run_link fun(link: gbatrace.Link) carries out the actions of the link
---@field skips_frames fun(): boolean whether the emulator does not draw every frame just now

---@param greeting gbatrace.Greeting
---@param settings gbatrace.Settings
---@param parts gbatrace.SessionParts
---@return gbatrace.Session
function M.new(greeting, settings, parts)
   local schedule = chunks.schedule(settings.regions, greeting.frames_per_set, greeting.scan_mode)
   return setmetatable({
      link = links.new(greeting, settings, parts.spool),
      spool = parts.spool,
      keys = buttons.new_history(),
      run_link = parts.run_link,
      skips_frames = parts.skips_frames,
      scanner = scanners.new(schedule, parts.reader),
      proofs = proofs.new(schedule, parts.hash and settings.proof_interval or 0),
      hash = parts.hash,
      frames_per_set = greeting.frames_per_set,
      set = 0,
      position = 0,
      last_frame = 0,
      last_time = 0,
   }, Session)
end

--- Open the link: it sends HELLO.
function Session:open()
   self.link:open()
   self.run_link(self.link)
end

--- Continue what an earlier script left: frame sets on disk, which are sent first, or its hand-over. Call before `open`.
---@param leftovers gbatrace.Leftover[] what lies in the spool folder; the one that is continued is taken out
---@param handover string? from `handover`
---@param seconds integer since the epoch
---@param number integer the emulator's frame counter now
function Session:recover(leftovers, handover, seconds, number)
   local contents = self.spool:recover(leftovers, seconds)
   local before = contents or handovers.unpack(handover, seconds, self.spool.identity)
   if not before then
      return
   elseif contents then
      self.link:take_over(contents)
      self.set = contents.last_number + 1
   else
      self.link:continue_session({ session = before.session, token = before.token, origin = 0 }, before.next_set)
      self.set = before.next_set
   end
   local details = { from = before.last_frame, to = number }
   self:event(discontinuities.is_start(number) and "reset" or "jump", details, before.last_frame, before.last_time)
end

--- The hand-over to a script that continues the session.
---@param seconds integer since the epoch
---@return string? handover nil if the daemon knows of no session
function Session:handover(seconds)
   local session, token, next_set = self.link:position()
   if token == "" then
      return nil
   end
   return handovers.pack({
      session = session,
      token = token,
      next_set = next_set,
      last_frame = self.last_frame,
      last_time = self.last_time,
      identity = self.spool.identity,
   }, seconds)
end

--- Send chunks as last scanned.
---@param due gbatrace.Chunk[]
function Session:send_keyframes(due)
   for _, chunk in ipairs(due) do
      self.link:keyframe(chunk, self.scanner:image(chunk))
   end
end

--- Send the hash of one chunk, if it is due, so that the daemon can prove its mirror.
function Session:send_due_proof()
   local chunk = self.link:is_live() and self.proofs:due(self.set, self.position)
   if chunk then
      self.link:proof(chunk, self.hash(chunk.address, chunk.bytes, chunk.domain))
   end
end

--- Return whether the next frame carries a proof, which is the most expensive kind of frame.
---@return boolean
function Session:is_proof_due()
   return self.link:is_live() and self.proofs:is_due(self.set, self.position)
end

--- Scan the frame that has just ended.
---@param number integer the emulator's frame counter
---@param time integer ms since the epoch
---@param pc integer
---@param held integer buttons, bit set
function Session:scan_frame(number, time, pc, held)
   local link = self.link
   self.last_frame, self.last_time = number, time
   if self.position == 0 then
      link:between_sets()
      self.run_link(link)
      link:begin_set()
   end
   if link:take_keyframe_request() then
      self:send_keyframes(self.scanner:baseline())
   end
   local frame = link.outbox:blank_frame()
   frame.position, frame.frame, frame.time, frame.pc, frame.buttons = self.position, number, time, pc, held
   frame.combination, frame.history = self.keys:add(held)
   local rebaselined = self.scanner:scan(self.position, frame)
   if link:is_live() then
      self:send_keyframes(rebaselined)
   end
   link:add_frame(frame)
   self:send_due_proof()
   self.position = self.position + 1
   if self.position == self.frames_per_set then
      self:end_set("")
   end
   self.run_link(link)
end

---@param interruption gbatrace.Interruption
function Session:end_set(interruption)
   self.link:end_set(interruption, interruption == "" and self.skips_frames())
   self.set, self.position = self.set + 1, 0
end

--- End the set in progress and drop the baseline, at a discontinuity.
---@param interruption gbatrace.Interruption
function Session:interrupt(interruption)
   if self.position > 0 then
      self:end_set(interruption)
   end
   self.scanner:drop_baseline()
   self.run_link(self.link)
end

--- Report an event that is not part of the scan.
---@param name gbatrace.EventName
---@param details table<string, string|number|boolean>
---@param frame integer? at which it happened; the last one scanned if not given
---@param time integer? ms since the epoch
function Session:event(name, details, frame, time)
   self.link:event({
      frame = frame or self.last_frame,
      time = time or self.last_time,
      name = name,
      details = details,
   })
   self.run_link(self.link)
end

--- Let the link do what is due. Call once a frame.
---@param seconds integer
function Session:on_frame(seconds)
   self.link:on_frame(seconds)
   self.run_link(self.link)
end

--- End the session.
---@param interruption gbatrace.Interruption of the set in progress
---@param reason string for BYE
---@return integer lost frame sets that the daemon did not get and never will
---@return integer kept frame sets that are on disk
---@return string folder in which they are
function Session:close(interruption, reason)
   self:interrupt(interruption)
   self.link:settle()
   self.run_link(self.link)
   self.link:bye(reason)
   self.run_link(self.link)
   self.spool:close()
   local outbox, spool = self.link.outbox, self.spool
   return outbox.lost + outbox.sets - spool.count, spool.count, spool.folder
end

return M
