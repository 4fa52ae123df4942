--- BizHawk's comm socket, which carries out the actions of a link.
---
--- Its ways, faults included: every call stops the game until it returns; a failed send gives -1; there is no way to ask whether a reply has
--- come; the receive time-out belongs to one connection, and BizHawk may open another by itself while it sends a screenshot.

local attempt = require("host.errors").attempt

local M = {}

--- Advice for the player where BizHawk was started without a socket.
M.ADVICE = 'start BizHawk by "gbatrace play <game>", or with the line that "gbatrace serve" prints: only they give it a socket'

--- Milliseconds between two attempts to connect while the game stands still.
local PAUSE = 250

---@return integer? port nil if BizHawk was started without a socket
local function port()
   return (attempt(function()
      return comm.socketServerGetPort()
   end))
end

--- Return whether BizHawk was started with a socket.
---@return boolean
function M.available()
   return port() ~= nil
end

--- Open a new connection.
---@return boolean
local function connect()
   return attempt(function()
      comm.socketServerSetPort(port())
      return true
   end) or false
end

---@param payload string
---@return boolean
local function send(payload)
   local sent = attempt(function()
      return comm.socketServerSend(payload)
   end)
   return sent ~= nil and sent > 0
end

---@return boolean
local function send_screenshot()
   return attempt(function()
      return comm.socketServerScreenShot()
   end) == "Screenshot was sent"
end

--- Let the game stand still for a moment.
---@return boolean false if the emulator is being closed
local function pause()
   return attempt(function()
      client.sleep(PAUSE)
      return true
   end) or false
end

--- Wait for one reply.
---@param timeout integer ms, 0 without end
---@return string? reply nil or empty if none came in time
local function receive(timeout)
   return (attempt(function()
      comm.socketServerSetTimeout(timeout)
      return comm.socketServerResponse()
   end))
end

--- Carry out all that a link wants done, and report each result to it.
---@param link gbatrace.Link
---@param timeout integer how long to wait for a reply, in ms; 0 without end
---@param say fun(text: string)
function M.run(link, timeout, say)
   local action = link:next_action()
   while action do
      local name = action.name
      if name == "send" then
         link:sent(send(action.payload))
      elseif name == "screenshot" then
         link:sent(send_screenshot())
      elseif name == "receive" then
         link:received(receive(action.timeout or timeout))
      elseif name == "pause" then
         link:paused(pause())
      elseif name == "connect" then
         link:connected(connect())
      else
         say(action.payload)
      end
      action = link:next_action()
   end
end

return M
