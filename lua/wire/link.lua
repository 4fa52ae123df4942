--- State machine of the script's side of the link.
---
--- It covers connecting, sending, acknowledgements, and what is sent again after an outage.
---
--- Pure: it returns actions and does nothing itself. Its caller passes in the time and the frames, takes the actions out one by one with
--- `next_action`, carries each out, and reports the result before it takes the next (see `host/comm.lua`).
---
---     waiting ──open──▶ offline ──connect──▶ greeting ──WELCOME──▶ resuming ──all sent──▶ live
---                          ▲                    │                     │                    │
---                          └──── REFUSED, FAREWELL, no reply in time, a failed send ───────┘          bye ──▶ closed
---
--- Every link opens a connection of its own: the one that is there may be of an earlier script, and the daemon has reset it.
--- A link that is never opened keeps every set: so it is where BizHawk has no socket and all is recorded to disk.
--- The link opens and goes live only between frame sets (`between_sets`), so that a set is sent live as a whole or kept as a whole.
--- It may break at any time; the set in progress is then kept, and sent later.

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
---| "say" show a line in the Lua console; nothing to report

---@class gbatrace.Action
---@field name gbatrace.ActionName
---@field payload string? of `send` and `say`
---@field timeout integer? of `receive`: longest wait in ms, where it is not that of the settings

---@alias gbatrace.LinkState "waiting"|"offline"|"greeting"|"resuming"|"live"|"closed"

---@class gbatrace.Link
---@field outbox gbatrace.Outbox
---@field private greeting gbatrace.Greeting
---@field private interval integer seconds between attempts to connect
---@field private state gbatrace.LinkState changed by `enter` alone
---@field private now integer seconds
---@field private retry_at integer seconds
---@field private waits_forever boolean whether the game stands still without end until the daemon is there and answers
---@field private failures integer attempts that failed in a row
---@field refusal string? why the daemon refused the greeting, if that is how the last attempt ended
---@field private reported string? reason of this outage as it was reported to the player
---@field private stalled boolean whether the daemon was there and did not answer: it is not waited for again
---@field private greeted_at integer seconds
---@field private on_screen integer? number of a set whose last frame is on the screen
---@field private resend_pace integer sets that are sent again in one frame
---@field private spool gbatrace.Spool
---@field private seq integer number of the next message
---@field private reply_seq integer number of the next reply
---@field private due (integer|"welcome")[] replies that are due, in order; a number is an ACK of that set
---@field private listening integer replies that are being waited for
---@field private actions gbatrace.Action[]
---@field private taken integer how many of the actions were taken out
---@field private session string
---@field private token string
---@field private origin integer the script's number of the session's set 0
---@field private set integer number of the set in progress or next
---@field private keyframes_due boolean
---@field private shown string text that the daemon wants on the screen
local Link = {}
Link.__index = Link

local M = {}

--- States that may follow each state; a link that is closed stays so.
---@type table<gbatrace.LinkState, table<gbatrace.LinkState, boolean>>
local TRANSITIONS = {
   waiting = { offline = true, closed = true },
   offline = { offline = true, greeting = true, closed = true },
   greeting = { offline = true, resuming = true, closed = true },
   resuming = { offline = true, live = true, closed = true },
   live = { offline = true, closed = true },
   closed = {},
}

--- Longest pause between two attempts to connect, in seconds: each may make the game stand still for two.
local MAX_RETRY_PAUSE_S = 60

--- Seconds that a daemon that did not answer has for the next HELLO, and the ms for which the game then stops to read its answer.
local ANSWER_TIME_S = 2
local SHORT_TIMEOUT_MS = 10

--- Sets on disk that are still sent when the script ends; the others stay there.
local MAX_SETS_AT_EXIT = 100

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
      resend_pace = greeting.frames_per_set == 1 and 2 or 1,
      state = "waiting",
      now = 0,
      retry_at = 0,
      waits_forever = settings.patience == 0,
      failures = 0,
      stalled = false,
      greeted_at = 0,
      seq = 0,
      reply_seq = 0,
      due = {},
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
---@param timeout integer?
function Link:queue_action(name, payload, timeout)
   self.actions[#self.actions + 1] = { name = name, payload = payload, timeout = timeout }
end

--- Enter a state, if it may follow.
---@param state gbatrace.LinkState
---@return boolean entered
function Link:enter(state)
   local follows = TRANSITIONS[self.state][state] or false
   if follows then
      self.state = state
   end
   return follows
end

--- Queue a message.
---@param payload string built with the sequence number `self.seq`
function Link:queue_message(payload)
   self.seq = self.seq + 1
   self:queue_action("send", payload)
end

--- Wait for replies that are due, the oldest first.
---@param most integer so many may stay due
function Link:expect_replies(most)
   while #self.due - self.listening > most do
      self.listening = self.listening + 1
      self:queue_action("receive", nil, self.stalled and SHORT_TIMEOUT_MS or nil)
   end
end

--- Take out the next action; nil when there is none. Its result must be reported before the next is taken.
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

--- Give the connection up, and plan the next attempt.
---@param reason string
---@param pause integer? seconds until the next attempt
function Link:disconnect(reason, pause)
   self.actions, self.taken, self.due, self.listening = {}, 0, {}, 0
   self.outbox:disconnected(self.on_screen)
   if not self:enter("offline") then
      return
   end
   self.failures = self.failures + 1
   self.retry_at = self.now + (pause or math.min(self.interval << math.min(self.failures - 1, 8), MAX_RETRY_PAUSE_S))
   if not self.reported then
      self.reported = reason
      local meanwhile = self.waits_forever and "the game waits for it" or "tracing goes on, frame sets are kept"
      self:queue_action("say", "no link to the daemon (" .. reason .. "); " .. meanwhile)
   end
   if self.waits_forever then
      self:queue_action("pause")
      self:queue_action("connect")
   end
end

--- Report on `pause`.
---@param ok boolean false where the game must not stand still any longer: the emulator is being closed
function Link:paused(ok)
   if not ok then
      self.actions, self.taken, self.waits_forever = {}, 0, false
   end
end

--- Open the session. Until then what is scanned is kept.
function Link:open()
   self:enter("offline")
   self:queue_action("connect")
end

--- Call once a frame.
---@param now integer seconds
function Link:on_frame(now)
   self.now, self.on_screen = now, nil
   if self.state == "resuming" then
      self:resend_pending()
   end
end

--- Call before the first frame of a set is scanned.
function Link:between_sets()
   if self.state == "greeting" then
      if not self.stalled or self.now - self.greeted_at >= ANSWER_TIME_S then
         self:expect_replies(0)
      end
   elseif self.state == "live" then
      self:expect_replies(1)
   elseif self.state == "offline" and self.now >= self.retry_at then
      self:queue_action("connect")
   elseif self.state == "resuming" then
      self:go_live()
   end
end

--- Report on `connect`.
---@param ok boolean
function Link:connected(ok)
   if not ok then
      self:disconnect("nothing answers at its port")
      return
   end
   self.seq, self.reply_seq, self.due, self.listening = 0, 0, { "welcome" }, 0
   self:enter("greeting")
   self.greeted_at, self.refusal = self.now, nil
   self:queue_message(messages.hello(self.seq, self.greeting, self.token))
end

--- Report on `send` and `screenshot`.
---@param ok boolean
function Link:sent(ok)
   if not ok then
      self:disconnect("the connection broke")
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
   outbox:resend_all()
   self.failures, self.reported, self.stalled = 0, nil, false
   self:queue_action("say", "connected, session " .. terms.session)
   self:report_lost()
   self:enter("resuming")
   self:resend_pending()
   self:go_live()
end

--- Report sets that were lost to the player.
function Link:report_lost()
   local outbox = self.outbox
   if outbox.lost > 0 then
      self:queue_action("say", outboxes.counted(outbox.lost) .. " lost while there was no link")
      outbox.lost = 0
   end
end

--- Send frames as they are scanned from now on, if all that was kept has been sent.
function Link:go_live()
   if self.outbox:all_sent() and self:enter("live") then
      self.keyframes_due = true
   end
end

---@param reply gbatrace.Reply an ACK
function Link:acknowledged(reply)
   if reply.set ~= self.due[1] then
      self:disconnect("it acknowledged another frame set")
      return
   end
   table.remove(self.due, 1)
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
      self.stalled = not self.waits_forever
      self:disconnect("it did not answer in time")
      return
   end
   local reply, problem = messages.read(payload)
   if not reply then
      self:disconnect(problem --[[@as string]])
      return
   elseif reply.seq ~= self.reply_seq then
      self:disconnect("its messages are out of sequence")
      return
   end
   self.reply_seq = self.reply_seq + 1
   local kind, greeted = reply.kind, self.due[1] ~= "welcome"
   if kind == KIND.FAREWELL then
      self:disconnect("it ended the connection: " .. reply.reason)
   elseif kind == KIND.ACK and greeted then
      self:acknowledged(reply)
   elseif kind == KIND.WELCOME and not greeted then
      table.remove(self.due, 1)
      self:welcomed(reply)
   elseif kind == KIND.REFUSED and not greeted then
      self.reported, self.refusal = nil, reply.reason
      self:disconnect("it refused: " .. reply.reason, MAX_RETRY_PAUSE_S)
   elseif kind == KIND.WELCOME or kind == KIND.REFUSED or kind == KIND.ACK then
      self:disconnect("it sent a reply that was not due")
   else
      self:expect_replies(#self.due - self.listening - 1)
   end
end

--- End a set on the wire. Its acknowledgement is read when the next one has been sent.
---@param number integer
---@param interruption gbatrace.Interruption
---@param screenshot boolean
---@param png string? of a set that is sent again
---@param undrawn boolean whether the emulator did not draw every frame
function Link:send_set_end(number, interruption, screenshot, png, undrawn)
   local set = number - self.origin
   self:queue_message(messages.set_end(self.seq, set, interruption, screenshot, png, undrawn))
   if screenshot then
      self:queue_action("screenshot")
   end
   self.due[#self.due + 1] = set
end

--- Send some of the sets that were kept. Their acknowledgements are read at the next frame, when the daemon has had a frame's time for them.
function Link:resend_pending()
   self:expect_replies(0)
   for _ = 1, self.resend_pace do
      local set, event = self.outbox:next()
      if set then
         self:resend_set(set)
      elseif event then
         self:queue_message(messages.event(self.seq, event))
      end
   end
end

---@param set gbatrace.PendingSet
function Link:resend_set(set)
   local bodies = self.outbox:bodies(set)
   if not bodies then
      self.outbox.lost = self.outbox.lost + 1
      self:report_lost()
      return
   end
   for _, body in ipairs(bodies) do
      self:queue_message(messages.frame(self.seq, set.number - self.origin, body))
   end
   self:send_set_end(set.number, set.interruption, false, self.spool:png(set), set.undrawn)
end

--- Begin the next set.
function Link:begin_set()
   self.outbox:begin_set(self.set)
end

--- Add a scanned frame to the set in progress. It belongs to the link from now on.
---@param frame gbatrace.Frame from `outbox:blank_frame`
function Link:add_frame(frame)
   local live = self.state == "live"
   self.outbox:add(frame, live)
   if live then
      self:queue_message(messages.frame(self.seq, self.set - self.origin, messages.frame_body(frame, false)))
   end
end

--- End the set in progress. Call it at its last frame, which is then on the screen.
---@param interruption gbatrace.Interruption
---@param undrawn boolean whether the emulator did not draw every frame
function Link:end_set(interruption, undrawn)
   local live = self.state == "live"
   self.outbox:end_set(interruption, live, undrawn)
   if live then
      local screenshot = interruption == ""
      self:send_set_end(self.set, interruption, screenshot, nil, undrawn)
      self.on_screen = screenshot and self.set or nil
   end
   self.set = self.set + 1
end

--- Continue a session that an earlier script began, if the daemon knows it.
---@param terms gbatrace.Terms
---@param set integer number of the next set
function Link:continue_session(terms, set)
   self.session, self.token, self.origin = terms.session, terms.token, terms.origin
   self.set = set
end

--- Continue where an earlier run was cut off: its frame sets are sent first.
---@param contents gbatrace.JournalContents
function Link:take_over(contents)
   self:continue_session(contents.terms, contents.last_number + 1)
   self.outbox:take_over(contents)
end

--- The session, and the number of the next set in it.
---@return string session empty before the first WELCOME
---@return string token
---@return integer next_set
function Link:position()
   return self.session, self.token, self.set - self.origin
end

--- Return whether the daemon has answered and the connection is in use.
---@return boolean
function Link:is_up()
   return self.state == "resuming" or self.state == "live"
end

--- Return whether scans are sent at once.
---@return boolean
function Link:is_live()
   return self.state == "live"
end

--- Take the request for a KEYFRAME of every chunk before the next frame, if there is one.
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
   self:queue_message(messages.keyframe(self.seq, chunk.region, chunk.number, words))
end

--- Send the hash of a chunk as last scanned; only while live.
---@param chunk gbatrace.Chunk
---@param sha256 string
function Link:proof(chunk, sha256)
   self:queue_message(messages.proof(self.seq, chunk.region, chunk.number, sha256))
end

--- Report an event that is not part of the scan.
---@param event gbatrace.Event
function Link:event(event)
   local body = messages.event_body(event)
   if self.state == "live" then
      self:queue_message(messages.event(self.seq, body))
   elseif self.state ~= "closed" then
      self.outbox:add_event(body)
   end
end

--- Wait for the answer to HELLO before the end, if the game may stand still for it.
function Link:settle()
   if self.waits_forever and self.state == "greeting" then
      self:expect_replies(0)
   end
end

--- End the session. What was kept is sent first, if there is a connection, and replies that are due are read: a connection that ends with
--- unread replies is reset, and what was sent last is lost with it.
---@param reason string
function Link:bye(reason)
   local state, sets = self.state, 0
   -- Another game may be on the screen: BizHawk stops the script when the core has been swapped.
   self:enter("closed")
   self.on_screen = nil
   while state == "resuming" and not self.outbox:all_sent() and (self.spool.count == 0 or sets < MAX_SETS_AT_EXIT) do
      self:resend_pending()
      sets = sets + 1
   end
   if state == "live" or state == "resuming" then
      self:expect_replies(0)
   end
   if state ~= "waiting" and state ~= "offline" and state ~= "closed" then
      self:queue_message(messages.bye(self.seq, reason, self.set - self.origin))
   end
end

--- Text for the emulator's screen: the state of the link, or what the daemon wants shown.
---@return string
function Link:status()
   local sets = self.outbox.sets
   if self.state == "live" then
      return self.shown
   elseif self.state == "waiting" then
      return "gbatrace: recording to disk, " .. outboxes.counted(sets)
   elseif self.state == "resuming" then
      return "gbatrace: catching up, " .. outboxes.counted(sets) .. " to go"
   elseif sets == 0 then
      return "gbatrace: waiting for the daemon"
   end
   return "gbatrace: waiting for the daemon, " .. outboxes.counted(sets) .. " kept"
end

return M
