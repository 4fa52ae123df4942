--- Carries out what the link wants done, and reports back.

local M = {}

---@param link gbatrace.Link
---@param comm gbatrace.CommPort
---@param say fun(text: string)
function M.run(link, comm, say)
   local action = link:next_action()
   while action do
      local name = action.name
      if name == "send" then
         link:sent(comm.send(action.payload))
      elseif name == "screenshot" then
         link:sent(comm.screenshot())
      elseif name == "receive" then
         link:received(comm.receive(action.patience))
      elseif name == "pause" then
         link:paused(comm.pause())
      elseif name == "connect" then
         link:connected(comm.connect())
      else
         say(action.payload)
      end
      action = link:next_action()
   end
end

return M
