--- Delivery of the spool folders that earlier runs left.
---
--- One after another, each over a connection of its own and with its own greeting, to the session that it belongs to, whatever game is loaded
--- now. What the daemon does not take stays on disk.

local folders = require("offline.spool_folders")
local links = require("wire.link")
local messages = require("wire.messages")
local outboxes = require("wire.outbox")
local spools = require("offline.spool")

---@class gbatrace.Delivery
---@field private host gbatrace.Host
---@field private settings gbatrace.Settings
---@field private leftovers gbatrace.Leftover[] the first is being delivered
---@field private link gbatrace.Link? of the first
---@field private spool gbatrace.Spool? of the first
---@field private was_up boolean whether the link was up at the frame before
---@field private fewest_left number frame sets that were left when the link broke, at the least
---@field private breaks integer in a row, without a frame set delivered between them
local Delivery = {}
Delivery.__index = Delivery

local M = {}

--- Breaks of the link over the same frame set after which it is given up.
local MAX_BREAKS = 3

---@param host gbatrace.Host
---@param settings gbatrace.Settings
---@param leftovers gbatrace.Leftover[]
---@return gbatrace.Delivery
function M.new(host, settings, leftovers)
   return setmetatable({
      host = host,
      settings = settings,
      leftovers = leftovers,
      was_up = false,
      fewest_left = math.huge,
      breaks = 0,
   }, Delivery)
end

--- Open a link for the first.
---@return boolean whether it can be delivered at all
function Delivery:start()
   local leftover, settings = self.leftovers[1], self.settings
   local greeting = messages.unpack_greeting(leftover.contents.greeting)
   if not greeting then
      return false
   end
   greeting.token = settings.token
   self.spool = spools.new(self.host.disk, self.host.say, greeting, settings)
   self.spool:take_over(leftover)
   self.link = links.new(greeting, settings, self.spool)
   self.link:take_over(leftover.contents)
   self.was_up = false
   self.link:open()
   return true
end

--- Close the link and the files of the first.
function Delivery:close()
   if self.spool then
      self.spool:close()
   end
   self.link, self.spool = nil, nil
end

--- Go to the next, whether the first was delivered or not.
function Delivery:skip()
   self:close()
   self.fewest_left, self.breaks = math.huge, 0
   table.remove(self.leftovers, 1)
end

---@param reason string
function Delivery:give_up(reason)
   local leftover = self.leftovers[1]
   local sets = self.spool and self.spool.count or leftover.contents.sets
   self.host.say(("%s of an earlier run cannot be delivered (%s); %s"):format(outboxes.counted(sets), reason, folders.advice(leftover.folder)))
   self:skip()
end

--- Count how often the link breaks over the same frame set.
---@return boolean whether that was often enough
function Delivery:is_stuck()
   local is_up, sets = self.link:is_up(), self.link.outbox.sets
   if self.was_up and not is_up then
      self.breaks = sets < self.fewest_left and 1 or self.breaks + 1
      self.fewest_left = math.min(self.fewest_left, sets)
   end
   self.was_up = is_up
   return self.breaks >= MAX_BREAKS
end

--- Send BYE, for all sets are sent; that reads the last acknowledgements.
function Delivery:finish()
   self.was_up = true
   self.link:bye("its remaining frame sets were delivered")
   self.host.run_link(self.link)
   if self.link.outbox.sets == 0 then
      self.host.say(outboxes.counted(self.leftovers[1].contents.sets) .. " of an earlier run delivered")
      self:skip()
   elseif self:is_stuck() then
      self:give_up("the daemon does not take them")
   else
      self:close()
   end
end

--- Send some more. Call once a frame.
---@param seconds integer since the epoch
---@return boolean whether something is left to deliver
function Delivery:frame(seconds)
   if not self.leftovers[1] then
      return false
   elseif not self.link and not self:start() then
      self:give_up("an older script wrote them")
      return self.leftovers[1] ~= nil
   end
   local link, run_link = self.link, self.host.run_link
   link:on_frame(seconds)
   run_link(link)
   link:between_sets()
   run_link(link)
   if link:is_live() then
      self:finish()
   elseif link.refusal then
      self:give_up("the daemon refused: " .. link.refusal)
   elseif self:is_stuck() then
      self:give_up("the daemon does not take them")
   end
   return self.leftovers[1] ~= nil
end

--- Stop the delivery, because the script ends: what is not delivered stays on disk.
---@param reason string
function Delivery:stop(reason)
   if self.link then
      self.link:bye(reason)
      self.host.run_link(self.link)
      self.spool:close()
   end
   self.leftovers = {}
end

--- Text on the emulator's screen during the delivery.
---@return string
function Delivery:status()
   return self.link and self.link:status() or ""
end

return M
