--- BizHawk's comm socket. Its ways, faults included: every call stops the game until it returns; a failed send gives -1; there is no way to
--- ask whether a reply has come; the receive time-out belongs to one connection, and BizHawk may open another by itself while it sends a screenshot.

local M = {}

---@return integer? port nil if BizHawk was started without a socket
local function port()
   local ok, number = pcall(function()
      return comm.socketServerGetPort()
   end)
   return ok and number or nil
end

--- Whether BizHawk was started with a socket.
---@return boolean
function M.available()
   return port() ~= nil
end

--- Milliseconds between two attempts to connect while the game stands still.
local PAUSE = 250

--- How BizHawk is started so that it has one.
M.ADVICE = 'start BizHawk by "gbatrace play <game>", or with the line that "gbatrace serve" prints: only they give it a socket'

---@param patience integer how long to wait for a reply, in ms; 0 without end
---@return gbatrace.CommPort
function M.open(patience)
   return {
      connect = function()
         return (pcall(function()
            comm.socketServerSetPort(port())
         end))
      end,

      send = function(payload)
         local ok, sent = pcall(function()
            return comm.socketServerSend(payload)
         end)
         return ok and sent ~= nil and sent > 0
      end,

      screenshot = function()
         local ok, answer = pcall(function()
            return comm.socketServerScreenShot()
         end)
         return ok and answer == "Screenshot was sent"
      end,

      pause = function()
         return (pcall(function()
            client.sleep(PAUSE)
         end))
      end,

      receive = function(moment)
         local ok, reply = pcall(function()
            comm.socketServerSetTimeout(moment or patience)
            return comm.socketServerResponse()
         end)
         return ok and reply or nil
      end,
   }
end

return M
