--- The script's side of the link: what to say, when to listen, when to give a connection up and when to try again.
---
--- Pure: it does nothing itself. Whoever runs it tells it the time and what happened, takes the actions out one by one with
--- `next_action`, carries each out, and reports the result before taking the next (see `host/courier.lua`).
---
---     offline ──connect──▶ greeting ──WELCOME──▶ resuming ──nothing held──▶ live
---        ▲                    │                     │                         │
---        └──── REFUSED, FAREWELL, no reply in time, a failed send ────────────┘          bye ──▶ closed
---
--- The link opens and goes live only between frame sets (`between_sets`), so that a set is sent live as a whole or held as a whole.
--- It breaks whenever it breaks; the set in progress is then held, and sent again later.

local law = require("wire.law")
local messages = require("wire.messages")
local outboxes = require("wire.outbox")

local KIND = law.KIND

---@alias gbatrace.ActionName
---| "connect" open a new connection; report with `connected`
---| "send" send the payload; report with `sent`
---| "screenshot" send the screen; report with `sent`
---| "receive" wait for a reply; report with `received`
---| "say" tell the player; nothing to report

---@class gbatrace.Action
---@field name gbatrace.ActionName
---@field payload string? of `send` and `say`

---@class gbatrace.Link
---@field outbox gbatrace.Outbox
---@field private greeting gbatrace.Greeting
---@field private interval integer seconds between attempts to connect
---@field private state "offline"|"greeting"|"resuming"|"live"|"closed"
---@field private now integer seconds
---@field private retry_at integer seconds
---@field private failures integer attempts that failed in a row
---@field private complaint string? what the player was told last of this outage
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

--- Sets sent again at one frame, so that a long outage is made up for without a long halt.
local SETS_AT_ONCE = 8

---@param greeting gbatrace.Greeting
---@param settings gbatrace.Settings
---@return gbatrace.Link
function M.new(greeting, settings)
   return setmetatable({
      outbox = outboxes.new(settings.ring_size),
      greeting = greeting,
      interval = settings.reconnect_interval,
      state = "offline",
      now = 0,
      retry_at = 0,
      failures = 0,
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
function Link:act(name, payload)
   self.actions[#self.actions + 1] = { name = name, payload = payload }
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
      self:act("receive")
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
   if self.state == "closed" then
      return
   end
   self.state = "offline"
   self.failures = self.failures + 1
   self.retry_at = self.now + (pause or math.min(self.interval << math.min(self.failures - 1, 8), LONGEST_PAUSE))
   if not self.complaint then
      self.complaint = reason
      self:act("say", "no link to the daemon (" .. reason .. "); tracing goes on, the newest frame sets are kept")
   end
end

--- Open the session: on the connection that the emulator made at its start, or on a new one.
---@param fresh boolean
function Link:open(fresh)
   if fresh then
      self:act("connect")
   else
      self:connected(true)
   end
end

--- Call once a frame.
---@param now integer seconds
function Link:tick(now)
   self.now = now
   if self.state == "resuming" then
      self:send_held()
   end
end

--- Call before the first frame of a set is scanned.
function Link:between_sets()
   if self.state == "greeting" then
      self:listen(0)
   elseif self.state == "live" then
      self:listen(1)
   elseif self.state == "offline" and self.now >= self.retry_at then
      self:act("connect")
   elseif self.state == "resuming" then
      self:send_held()
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
   self.state = "greeting"
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
   outbox:release(terms.next_set + self.origin - 1)
   outbox:rewind()
   self.failures, self.complaint = 0, nil
   self:act("say", "connected, session " .. terms.session)
   if outbox.lost > 0 then
      self:act("say", outbox.lost .. " frame sets were lost while there was no link")
      outbox.lost = 0
   end
   self.state = "resuming"
   self:send_held()
   self:go_live()
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
      self.complaint = nil
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
function Link:send_set_end(number, interruption, screenshot)
   local set = number - self.origin
   self:send(messages.set_end(self.seq, set, interruption, screenshot))
   if screenshot then
      self:act("screenshot")
   end
   self.owed[#self.owed + 1] = set
end

--- Send some of what is held.
function Link:send_held()
   local outbox = self.outbox
   for _ = 1, SETS_AT_ONCE do
      local set, event = outbox:next()
      if set then
         for _, frame in ipairs(set.frames) do
            local body = type(frame) == "string" and frame or messages.frame_body(frame, true)
            self:send(messages.frame(self.seq, set.number - self.origin, body))
         end
         self:send_set_end(set.number, set.interruption, false)
         self:listen(1)
      elseif event then
         self:send(messages.event(self.seq, event))
      end
   end
end

--- Begin the next set.
function Link:begin_set()
   self.outbox:begin_set(self.set)
end

--- A frame of the set in progress was scanned. It belongs to the link from now on.
---@param frame gbatrace.Frame from `outbox:blank_frame`
function Link:add_frame(frame)
   if self.state == "live" then
      self.outbox:add(frame)
      self:send(messages.frame(self.seq, self.set - self.origin, messages.frame_body(frame, false)))
   else
      self.outbox:add(messages.frame_body(frame, true))
      self.outbox:recycle(frame)
   end
end

--- The set in progress is over.
---@param interruption gbatrace.Interruption
function Link:end_set(interruption)
   local live = self.state == "live"
   self.outbox:end_set(interruption, live)
   if live then
      self:send_set_end(self.set, interruption, interruption == "")
   end
   self.set = self.set + 1
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

--- End the session. What is held is sent first, if there is a connection, and what is owed is read: a connection that ends with unread
--- replies is reset, and takes what was sent last with it.
---@param reason string
function Link:bye(reason)
   local state = self.state
   self.state = "closed"
   while state == "resuming" and not self.outbox:all_sent() do
      self:send_held()
   end
   if state == "live" or state == "resuming" then
      self:listen(0)
   end
   if state ~= "offline" and state ~= "closed" then
      self:send(messages.bye(self.seq, reason))
   end
end

--- What the daemon wants shown on the emulator's screen.
---@return string
function Link:text()
   if self.state == "live" then
      return self.shown
   elseif self.state == "resuming" then
      return "gbatrace: catching up"
   end
   return "gbatrace: waiting for the daemon"
end

return M
