--- The recording of one game, from HELLO to BYE: frame after frame into sets, sets into the link.

local discontinuities = require("scan.discontinuity")
local handovers = require("scan.handover")
local key_histories = require("scan.key_history")
local links = require("wire.link")
local proofs = require("scan.proofs")
local scanners = require("scan.scanner")
local schedules = require("scan.schedule")

---@class gbatrace.Session
---@field link gbatrace.Link
---@field private deliver fun(link: gbatrace.Link)
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

---@param greeting gbatrace.Greeting
---@param settings gbatrace.Settings
---@param reader gbatrace.Reader
---@param hash (fun(address: integer, length: integer, domain: string): string)?
---@param deliver fun(link: gbatrace.Link) carries out what the link wants done
---@param spool gbatrace.Spool
---@param skips_frames fun(): boolean whether the emulator does not draw every frame just now
---@return gbatrace.Session
function M.new(greeting, settings, reader, hash, deliver, spool, skips_frames)
   local schedule = schedules.build(settings.regions, greeting.frames_per_set, greeting.scan_mode)
   return setmetatable({
      link = links.new(greeting, settings, spool),
      spool = spool,
      keys = key_histories.new(),
      deliver = deliver,
      skips_frames = skips_frames,
      scanner = scanners.new(schedule, reader),
      proofs = proofs.new(schedule, hash and settings.proof_interval or 0),
      hash = hash,
      frames_per_set = greeting.frames_per_set,
      set = 0,
      position = 0,
      last_frame = 0,
      last_time = 0,
   }, Session)
end

--- Say HELLO.
function Session:open()
   self.link:open()
   self.deliver(self.link)
end

--- Go on with what an earlier script left: frame sets on disk, which are sent first, or word of where it stood. Call before `open`.
---@param left gbatrace.Left[] what lies in the spool folder; what is gone on with is taken out
---@param word string? from `word`
---@param seconds integer since the epoch
---@param number integer the emulator's frame counter now
function Session:recover(left, word, seconds, number)
   local remains = self.spool:recover(left, seconds)
   local before = remains or handovers.unpack(word, seconds, self.spool.identity)
   if not before then
      return
   elseif remains then
      self.link:adopt(remains)
      self.set = remains.last_number + 1
   else
      self.link:go_on({ session = before.session, token = before.token, origin = 0 }, before.next_set)
      self.set = before.next_set
   end
   local details = { from = before.last_frame, to = number }
   self:event(discontinuities.is_start(number) and "reset" or "jump", details, before.last_frame, before.last_time)
end

--- Word of where the session stands, for a script that goes on with it.
---@param seconds integer since the epoch
---@return string? word nil if the daemon knows of no session
function Session:word(seconds)
   local session, token, next_set = self.link:standing()
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
---@param chunks gbatrace.Chunk[]
function Session:send_keyframes(chunks)
   for _, chunk in ipairs(chunks) do
      self.link:keyframe(chunk, self.scanner:image(chunk))
   end
end

--- Prove the daemon's mirror of one chunk, when it is time.
function Session:prove()
   local chunk = self.link:is_live() and self.proofs:due(self.set, self.position)
   if chunk then
      self.link:proof(chunk, self.hash(chunk.address, chunk.bytes, chunk.domain))
   end
end

--- Whether the frame to come carries a proof: the dearest kind of frame.
---@return boolean
function Session:proves_next()
   return self.link:is_live() and self.proofs:is_due(self.set, self.position)
end

--- Scan the frame that has just ended.
---@param number integer the emulator's frame counter
---@param time integer ms since the epoch
---@param pc integer
---@param buttons integer bit set
function Session:frame(number, time, pc, buttons)
   local link = self.link
   self.last_frame, self.last_time = number, time
   if self.position == 0 then
      link:between_sets()
      self.deliver(link)
      link:begin_set()
   end
   if link:take_keyframe_request() then
      self:send_keyframes(self.scanner:baseline())
   end
   local frame = link.outbox:blank_frame()
   frame.position, frame.frame, frame.time, frame.pc, frame.buttons = self.position, number, time, pc, buttons
   frame.combination, frame.history = self.keys:press(buttons)
   local sighted = self.scanner:scan(self.position, frame)
   if link:is_live() then
      self:send_keyframes(sighted)
   end
   link:add_frame(frame)
   self:prove()
   self.position = self.position + 1
   if self.position == self.frames_per_set then
      self:end_set("")
   end
   self.deliver(link)
end

---@param interruption gbatrace.Interruption
function Session:end_set(interruption)
   self.link:end_set(interruption, interruption == "" and self.skips_frames())
   self.set, self.position = self.set + 1, 0
end

--- Time broke: close the set in progress and drop the baseline.
---@param interruption gbatrace.Interruption
function Session:interrupt(interruption)
   if self.position > 0 then
      self:end_set(interruption)
   end
   self.scanner:forget()
   self.deliver(self.link)
end

--- Tell of something that happened beside the scan.
---@param name string
---@param details table<string, string|number|boolean>
---@param frame integer? at which it happened; the last one scanned unless told
---@param time integer? ms since the epoch
function Session:event(name, details, frame, time)
   self.link:event({
      frame = frame or self.last_frame,
      time = time or self.last_time,
      name = name,
      details = details,
   })
   self.deliver(self.link)
end

--- Let the link do what time demands. Call once a frame.
---@param seconds integer
function Session:tick(seconds)
   self.link:tick(seconds)
   self.deliver(self.link)
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
   self.deliver(self.link)
   self.link:bye(reason)
   self.deliver(self.link)
   self.spool:close()
   local outbox, spool = self.link.outbox, self.spool
   return outbox.lost + outbox.sets - spool.count, spool.count, spool.folder
end

return M
