--- Delivery of what earlier runs left in the spool, one outage after another, each over a connection of its own and with its own greeting, to
--- the session that it belongs to, whatever game is loaded now. What the daemon does not take stays on disk.

local links = require("wire.link")
local messages = require("wire.messages")
local spools = require("offline.spool")

---@class gbatrace.Delivery
---@field private host gbatrace.Host
---@field private settings gbatrace.Settings
---@field private left gbatrace.Left[] the first is under way
---@field private link gbatrace.Link? of the first
---@field private spool gbatrace.Spool? of the first
---@field private was_up boolean whether the link was up at the frame before
---@field private least number fewest frame sets that remained when the link broke
---@field private breaks integer in a row, without a frame set delivered between them
local Delivery = {}
Delivery.__index = Delivery

local M = {}

--- So often the link may break over the same frame set.
local MOST_BREAKS = 3

---@param host gbatrace.Host
---@param settings gbatrace.Settings
---@param left gbatrace.Left[]
---@return gbatrace.Delivery
function M.new(host, settings, left)
   local fresh = { host = host, settings = settings, left = left, was_up = false, least = math.huge, breaks = 0 }
   return setmetatable(fresh, Delivery)
end

--- Begin with the first.
---@return boolean whether it can be delivered at all
function Delivery:begin()
   local left, settings = self.left[1], self.settings
   local greeting = messages.read_greeting(left.remains.greeting)
   if not greeting then
      return false
   end
   greeting.token = settings.token
   self.spool = spools.new(self.host.disk, self.host.say, greeting, settings)
   self.spool:take(left)
   self.link = links.new(greeting, settings, self.spool)
   self.link:adopt(left.remains)
   self.was_up = false
   self.link:open()
   return true
end

--- Let go of the connection and the files of the first.
function Delivery:let_go()
   if self.spool then
      self.spool:close()
   end
   self.link, self.spool = nil, nil
end

--- Go to the next, whether the first was delivered or not.
function Delivery:drop()
   self:let_go()
   self.least, self.breaks = math.huge, 0
   table.remove(self.left, 1)
end

---@param reason string
function Delivery:give_up(reason)
   local left = self.left[1]
   local sets = self.spool and self.spool.count or left.remains.sets
   self.host.say(("%d frame sets of an earlier run cannot be delivered (%s); %s"):format(sets, reason, spools.advice(left.folder)))
   self:drop()
end

--- Count how often the link breaks over the same frame set.
---@return boolean whether that was often enough
function Delivery:is_stuck()
   local is_up, sets = self.link:is_up(), self.link.outbox.sets
   if self.was_up and not is_up then
      self.breaks = sets < self.least and 1 or self.breaks + 1
      self.least = math.min(self.least, sets)
   end
   self.was_up = is_up
   return self.breaks >= MOST_BREAKS
end

--- All is sent: say goodbye, which reads the last acknowledgements.
function Delivery:finish()
   self.was_up = true
   self.link:bye("what was left of it was delivered")
   self.host.deliver(self.link)
   if self.link.outbox.sets == 0 then
      self.host.say(self.left[1].remains.sets .. " frame sets that an earlier run left were delivered")
      self:drop()
   elseif self:is_stuck() then
      self:give_up("the daemon does not take them")
   else
      self:let_go()
   end
end

--- Send some more. Call once a frame.
---@param seconds integer since the epoch
---@return boolean whether something is left to deliver
function Delivery:frame(seconds)
   if not self.left[1] then
      return false
   elseif not self.link and not self:begin() then
      self:give_up("an older script wrote them")
      return self.left[1] ~= nil
   end
   local link, deliver = self.link, self.host.deliver
   link:tick(seconds)
   deliver(link)
   link:between_sets()
   deliver(link)
   if link:is_live() then
      self:finish()
   elseif link.refusal then
      self:give_up("the daemon refused: " .. link.refusal)
   elseif self:is_stuck() then
      self:give_up("the daemon does not take them")
   end
   return self.left[1] ~= nil
end

--- The script ends: what is not delivered stays on disk.
---@param reason string
function Delivery:stop(reason)
   if self.link then
      self.link:bye(reason)
      self.host.deliver(self.link)
      self.spool:close()
   end
   self.left = {}
end

--- Text on the emulator's screen during the delivery.
---@return string
function Delivery:text()
   return self.link and self.link:text() or ""
end

return M
