--- The script's side of the link: what to say, when to listen, when to give a connection up and when to try again.
---
--- Pure: it does nothing itself. Whoever runs it tells it the time and what happened, takes the actions out one by one with
--- `next_action`, carries each out, and reports the result before taking the next (see `host/courier.lua`).
---
---     waiting ──open──▶ offline ──connect──▶ greeting ──WELCOME──▶ resuming ──nothing held──▶ live
---                          ▲                    │                     │                         │
---                          └──── REFUSED, FAREWELL, no reply in time, a failed send ────────────┘          bye ──▶ closed
---
--- Every link opens a connection of its own: the one that is there may be of an earlier script, and the daemon has reset it.
--- A link that is never opened holds everything: it is recorded to disk, where there is no daemon to link to.
--- The link opens and goes live only between frame sets (`between_sets`), so that a set is sent live as a whole or held as a whole.
--- It breaks whenever it breaks; the set in progress is then held, and sent again later.

local spec = require("wire.spec")
local messages = require("wire.messages")
local outboxes = require("wire.outbox")

local KIND = spec.KIND

---@alias gbatrace.ActionName
---| "connect" open a new connection; report with `connected`
---| "send" send the payload; report with `sent`
---| "screenshot" send the screen; report with `sent`
---| "receive" wait for a reply; report with `received`
---| "pause" let the game stand still for a moment; report with `paused`
---| "say" tell the player; nothing to report

---@class gbatrace.Action
---@field name gbatrace.ActionName
---@field payload string? of `send` and `say`
---@field patience integer? of `receive`: ms to wait at most, if not as long as the settings say

---@class gbatrace.Link
---@field outbox gbatrace.Outbox
---@field private greeting gbatrace.Greeting
---@field private interval integer seconds between attempts to connect
---@field private state "waiting"|"offline"|"greeting"|"resuming"|"live"|"closed"
---@field private now integer seconds
---@field private retry_at integer seconds
---@field private waits boolean whether the game stands still without end until the daemon is there and answers
---@field private failures integer attempts that failed in a row
---@field refusal string? why the daemon refused the greeting, if that is how the last attempt ended
---@field private complaint string? what the player was told last of this outage
---@field private stalled boolean whether the daemon was there and did not answer: it is not waited for again
---@field private greeted_at integer seconds
---@field private ended integer? number of a set whose last frame is on the screen
---@field private pace integer sets sent again at a frame
---@field private spool gbatrace.Spool
---@field private seq integer number of the next message
---@field private reply_seq integer number of the next reply
---@field private owed (integer|"welcome")[] replies that are due, in order; a number is an ACK of that set
---@field private listening integer replies that are being waited for
---@field private actions gbatrace.Action[]
---@field private taken integer actions taken out
---@field private session string
---@field private token string
---@field private origin integer the script's number of the session's set 0
---@field private set integer number of the set in progress or next
---@field private keyframes_due boolean
---@field private shown string
local Link = {}
Link.__index = Link

local M = {}

--- Longest pause between two attempts to connect, in seconds: each may make the game stand still for two.
local LONGEST_PAUSE = 60

--- How long a daemon that did not answer gets to answer the next HELLO, in seconds. Only then is its answer looked for, for a moment, in ms.
local TIME_TO_ANSWER = 2
local MOMENT = 10

--- Sets on disk that are still sent when the script ends; the others stay there.
local SETS_AT_THE_END = 100

---@param greeting gbatrace.Greeting
---@param settings gbatrace.Settings
---@param spool gbatrace.Spool
---@return gbatrace.Link
function M.new(greeting, settings, spool)
   return setmetatable({
      outbox = outboxes.new(settings.ring_size, spool),
      spool = spool,
      greeting = greeting,
      interval = settings.reconnect_interval,
      -- As slow as it can be and still catch up: a frame set comes at most at every frame, with one frame per set.
      pace = greeting.frames_per_set == 1 and 2 or 1,
      state = "waiting",
      now = 0,
      retry_at = 0,
      waits = settings.patience == 0,
      failures = 0,
      stalled = false,
      greeted_at = 0,
      seq = 0,
      reply_seq = 0,
      owed = {},
      listening = 0,
      actions = {},
      taken = 0,
      session = "",
      token = "",
      origin = 0,
      set = 0,
      keyframes_due = false,
      shown = "",
   }, Link)
end

---@param name gbatrace.ActionName
---@param payload string?
---@param patience integer?
function Link:act(name, payload, patience)
   self.actions[#self.actions + 1] = { name = name, payload = payload, patience = patience }
end

--- Queue a message.
---@param payload string built with the sequence number `self.seq`
function Link:send(payload)
   self.seq = self.seq + 1
   self:act("send", payload)
end

--- Wait for replies that are due, the oldest first.
---@param most integer so many may stay due
function Link:listen(most)
   while #self.owed - self.listening > most do
      self.listening = self.listening + 1
      self:act("receive", nil, self.stalled and MOMENT or nil)
   end
end

--- The next thing to do; nil when there is nothing. Its result must be reported before the next is taken.
---@return gbatrace.Action?
function Link:next_action()
   local taken = self.taken + 1
   local action = self.actions[taken]
   if not action then
      if self.taken > 0 then
         self.actions, self.taken = {}, 0
      end
      return nil
   end
   self.taken = taken
   return action
end

--- Give the connection up.
---@param reason string
---@param pause integer? seconds until the next attempt
function Link:down(reason, pause)
   self.actions, self.taken, self.owed, self.listening = {}, 0, {}, 0
   self.outbox:disconnected(self.ended)
   if self.state == "closed" then
      return
   end
   self.state = "offline"
   self.failures = self.failures + 1
   self.retry_at = self.now + (pause or math.min(self.interval << math.min(self.failures - 1, 8), LONGEST_PAUSE))
   if not self.complaint then
      self.complaint = reason
      local meanwhile = self.waits and "the game waits for it" or "tracing goes on, frame sets are kept"
      self:act("say", "no link to the daemon (" .. reason .. "); " .. meanwhile)
   end
   if self.waits then
      self:act("pause")
      self:act("connect")
   end
end

--- Report on `pause`.
---@param ok boolean false where the game must not stand still any longer: the emulator is being closed
function Link:paused(ok)
   if not ok then
      self.actions, self.taken, self.waits = {}, 0, false
   end
end

--- Open the session. Until then what is scanned is held.
function Link:open()
   self.state = "offline"
   self:act("connect")
end

--- Call once a frame.
---@param now integer seconds
function Link:tick(now)
   self.now, self.ended = now, nil
   if self.state == "resuming" then
      self:send_held()
   end
end

--- Call before the first frame of a set is scanned.
function Link:between_sets()
   if self.state == "greeting" then
      if not self.stalled or self.now - self.greeted_at >= TIME_TO_ANSWER then
         self:listen(0)
      end
   elseif self.state == "live" then
      self:listen(1)
   elseif self.state == "offline" and self.now >= self.retry_at then
      self:act("connect")
   elseif self.state == "resuming" then
      self:go_live()
   end
end

--- Report on `connect`.
---@param ok boolean
function Link:connected(ok)
   if not ok then
      self:down("nobody answers at its port")
      return
   end
   self.seq, self.reply_seq, self.owed, self.listening = 0, 0, { "welcome" }, 0
   self.state, self.greeted_at, self.refusal = "greeting", self.now, nil
   self:send(messages.hello(self.seq, self.greeting, self.token))
end

--- Report on `send` and `screenshot`.
---@param ok boolean
function Link:sent(ok)
   if not ok then
      self:down("the connection broke")
   end
end

---@param terms gbatrace.Reply a WELCOME
function Link:welcomed(terms)
   local outbox = self.outbox
   if terms.session ~= self.session then
      self.origin = outbox:oldest() or self.set
   end
   self.session, self.token = terms.session, terms.resume
   self.spool:welcomed({ session = self.session, token = self.token, origin = self.origin })
   outbox:release(terms.next_set + self.origin - 1)
   outbox:rewind()
   self.failures, self.complaint, self.stalled = 0, nil, false
   self:act("say", "connected, session " .. terms.session)
   self:tell_lost()
   self.state = "resuming"
   self:send_held()
   self:go_live()
end

--- Say what could not be kept.
function Link:tell_lost()
   local outbox = self.outbox
   if outbox.lost > 0 then
      self:act("say", outbox.lost .. " frame sets were lost while there was no link")
      outbox.lost = 0
   end
end

--- From now on frames are sent as they are scanned, if all that was held has been sent.
function Link:go_live()
   if self.state == "resuming" and self.outbox:all_sent() then
      self.state, self.keyframes_due = "live", true
   end
end

---@param reply gbatrace.Reply an ACK
function Link:acknowledged(reply)
   if reply.set ~= self.owed[1] then
      self:down("it acknowledged another frame set")
      return
   end
   table.remove(self.owed, 1)
   self.outbox:release(reply.set + self.origin)
   for _, command in ipairs(reply.commands) do
      if command[1] == "keyframes" then
         self.keyframes_due = true
      elseif command[1] == "show" then
         self.shown = tostring(command[2] and command[2].text or "")
      end
   end
end

--- Report on `receive`.
---@param payload string? nil or empty if none came in time
function Link:received(payload)
   self.listening = self.listening - 1
   if not payload or payload == "" then
      self.stalled = not self.waits
      self:down("it did not answer in time")
      return
   end
   local reply, problem = messages.read(payload)
   if not reply then
      self:down(problem --[[@as string]])
      return
   elseif reply.seq ~= self.reply_seq then
      self:down("its messages are out of step")
      return
   end
   self.reply_seq = self.reply_seq + 1
   local kind, greeted = reply.kind, self.owed[1] ~= "welcome"
   if kind == KIND.FAREWELL then
      self:down("it said farewell: " .. reply.reason)
   elseif kind == KIND.ACK and greeted then
      self:acknowledged(reply)
   elseif kind == KIND.WELCOME and not greeted then
      table.remove(self.owed, 1)
      self:welcomed(reply)
   elseif kind == KIND.REFUSED and not greeted then
      self.complaint, self.refusal = nil, reply.reason
      self:down("it refused: " .. reply.reason, LONGEST_PAUSE)
   elseif kind == KIND.WELCOME or kind == KIND.REFUSED or kind == KIND.ACK then
      self:down("its answer does not fit the question")
   else
      self:listen(#self.owed - self.listening - 1)
   end
end

--- Close a set on the wire. Its acknowledgement is collected when the next one has been sent.
---@param number integer
---@param interruption gbatrace.Interruption
---@param screenshot boolean
---@param png string? of a set that is sent again
---@param undrawn boolean whether the emulator did not draw every frame
function Link:send_set_end(number, interruption, screenshot, png, undrawn)
   local set = number - self.origin
   self:send(messages.set_end(self.seq, set, interruption, screenshot, png, undrawn))
   if screenshot then
      self:act("screenshot")
   end
   self.owed[#self.owed + 1] = set
end

--- Send some of what is held. Its acknowledgements are collected at the next frame, when the daemon has had the time of a frame for them.
function Link:send_held()
   self:listen(0)
   for _ = 1, self.pace do
      local set, event = self.outbox:next()
      if set then
         self:send_again(set)
      elseif event then
         self:send(messages.event(self.seq, event))
      end
   end
end

---@param set gbatrace.HeldSet
function Link:send_again(set)
   local bodies = self.outbox:bodies(set)
   if not bodies then
      self.outbox.lost = self.outbox.lost + 1
      self:tell_lost()
      return
   end
   for _, body in ipairs(bodies) do
      self:send(messages.frame(self.seq, set.number - self.origin, body))
   end
   self:send_set_end(set.number, set.interruption, false, self.outbox:png(set), set.undrawn)
end

--- Begin the next set.
function Link:begin_set()
   self.outbox:begin_set(self.set)
end

--- A frame of the set in progress was scanned. It belongs to the link from now on.
---@param frame gbatrace.Frame from `outbox:blank_frame`
function Link:add_frame(frame)
   local live = self.state == "live"
   self.outbox:add(frame, live)
   if live then
      self:send(messages.frame(self.seq, self.set - self.origin, messages.frame_body(frame, false)))
   end
end

--- The set in progress is over. You must call it at its last frame, which is then on the screen.
---@param interruption gbatrace.Interruption
---@param undrawn boolean whether the emulator did not draw every frame
function Link:end_set(interruption, undrawn)
   local live = self.state == "live"
   self.outbox:end_set(interruption, live, undrawn)
   if live then
      local screenshot = interruption == ""
      self:send_set_end(self.set, interruption, screenshot, nil, undrawn)
      self.ended = screenshot and self.set or nil
   end
   self.set = self.set + 1
end

--- Go on with a session that an earlier script had, if the daemon knows it.
---@param terms gbatrace.Terms
---@param set integer number of the next set
function Link:go_on(terms, set)
   self.session, self.token, self.origin = terms.session, terms.token, terms.origin
   self.set = set
end

--- Go on where an earlier run was cut off: its frame sets come first.
---@param remains gbatrace.Remains
function Link:adopt(remains)
   self:go_on(remains.terms, remains.last_number + 1)
   self.outbox:adopt(remains)
end

--- Which session it is, and the number of the next set in it.
---@return string session empty before the first WELCOME
---@return string token
---@return integer next_set
function Link:standing()
   return self.session, self.token, self.set - self.origin
end

--- Whether the daemon has answered and the connection is in use.
---@return boolean
function Link:is_up()
   return self.state == "resuming" or self.state == "live"
end

--- Whether what is scanned is sent at once.
---@return boolean
function Link:is_live()
   return self.state == "live"
end

--- Whether every chunk is due as a KEYFRAME before the next frame. Asking takes the request.
---@return boolean
function Link:take_keyframe_request()
   local due = self.keyframes_due and self.state == "live"
   if due then
      self.keyframes_due = false
   end
   return due
end

--- Send a chunk as last scanned; only while live.
---@param chunk gbatrace.Chunk
---@param words string
function Link:keyframe(chunk, words)
   self:send(messages.keyframe(self.seq, chunk.region, chunk.number, words))
end

--- Send the hash of a chunk as last scanned; only while live.
---@param chunk gbatrace.Chunk
---@param sha256 string
function Link:proof(chunk, sha256)
   self:send(messages.proof(self.seq, chunk.region, chunk.number, sha256))
end

--- Tell of something that happened beside the scan.
---@param event gbatrace.Event
function Link:event(event)
   local body = messages.event_body(event)
   if self.state == "live" then
      self:send(messages.event(self.seq, body))
   elseif self.state ~= "closed" then
      self.outbox:add_event(body)
   end
end

--- Wait for the answer to HELLO before the end, if the game may stand still for it.
function Link:settle()
   if self.waits and self.state == "greeting" then
      self:listen(0)
   end
end

--- End the session. What is held is sent first, if there is a connection, and what is owed is read: a connection that ends with unread
--- replies is reset, and takes what was sent last with it.
---@param reason string
function Link:bye(reason)
   local state, sets = self.state, 0
   -- Another game may be on the screen: BizHawk stops the script when the core has been swapped.
   self.state, self.ended = "closed", nil
   while state == "resuming" and not self.outbox:all_sent() and (self.spool.count == 0 or sets < SETS_AT_THE_END) do
      self:send_held()
      sets = sets + 1
   end
   if state == "live" or state == "resuming" then
      self:listen(0)
   end
   if state ~= "waiting" and state ~= "offline" and state ~= "closed" then
      self:send(messages.bye(self.seq, reason, self.set - self.origin))
   end
end

--- What stands on the emulator's screen: the state of the link, or what the daemon wants shown.
---@return string
function Link:text()
   local sets = self.outbox.sets
   if self.state == "live" then
      return self.shown
   elseif self.state == "waiting" then
      return ("gbatrace: recording to disk, %d frame sets"):format(sets)
   elseif self.state == "resuming" then
      return ("gbatrace: catching up, %d frame sets to go"):format(sets)
   elseif sets == 0 then
      return "gbatrace: waiting for the daemon"
   end
   return ("gbatrace: waiting for the daemon, %d frame sets kept"):format(sets)
end

return M
