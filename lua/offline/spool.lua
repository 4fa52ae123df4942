--- Spool on disk: frame sets of an outage, until the daemon has acknowledged them.
---
---     spool/1/event_log.csv              the original's log ...
---     spool/1/snapshots/<set id>.png     ... and screenshots, for the programs that read those
---     spool/1/journal.bin                the same as it goes over the wire, to be sent later
---
--- A folder holds one outage. It is deleted when everything in it is acknowledged, and stays when the emulator dies; the next start finds it.
--- In a BizHawk without a socket it holds what one start of the script recorded, permanently: until it is imported, or a script with a link
--- delivers it.
--- When the disk refuses or the limit is reached, the sets on disk stay there and newer ones wait in memory.

local folders = require("offline.spool_folders")
local journals = require("offline.journal")
local logs = require("offline.csv_log")
local messages = require("wire.messages")

---@class gbatrace.Terms
---@field session string
---@field token string resume token
---@field origin integer the script's number of the session's set 0

---@class gbatrace.Spool
---@field count integer sets on disk
---@field private disk gbatrace.DiskPort
---@field private say fun(text: string)
---@field private root string
---@field private limit integer bytes
---@field identity string
---@field private greeting gbatrace.Greeting
---@field private new_log fun(): gbatrace.CsvLog
---@field private log gbatrace.CsvLog
---@field private terms gbatrace.Terms
---@field permanent boolean whether there is no link that sends from here
---@field private state "off"|"idle"|"open"|"stopped"
---@field private folder string
---@field private origin integer the set that snapshots and log call 0
---@field private bytes integer in all files
---@field private journal_size integer bytes
---@field private journal gbatrace.Writing?
---@field private csv gbatrace.Writing?
---@field private reading gbatrace.Reading?
---@field private reported table<string, boolean> reasons to stop that were reported to the player
local Spool = {}
Spool.__index = Spool

local M = {}

--- Seconds for which a spool of an earlier run is continued where it ends. Later it is delivered on its own.
local FRESH_FOR = 3600

--- Largest journal: Lua on Windows cannot seek further.
local MAX_JOURNAL = 0x7FF00000

local MIB = 1 << 20

--- Identity of what is traced: only the same game, traced in the same way, can continue a spool.
---@param greeting gbatrace.Greeting
---@return string
local function identity_of(greeting)
   local parts = { greeting.rom_hash, greeting.frames_per_set, greeting.scan_mode, table.concat(greeting.buttons, "+") }
   for _, region in ipairs(greeting.regions) do
      local sizes = table.concat(region.chunk_sizes or {}, "+")
      parts[#parts + 1] = ("%s@%X+%X%s"):format(region.name, region.base, region.size, sizes ~= "" and "=" .. sizes or "")
   end
   return table.concat(parts, " ")
end

---@param disk gbatrace.DiskPort
---@param say fun(text: string)
---@param greeting gbatrace.Greeting
---@param settings gbatrace.Settings
---@param permanent boolean? whether there is no link that sends from here
---@return gbatrace.Spool
function M.new(disk, say, greeting, settings, permanent)
   local function new_log()
      return logs.new(greeting.regions, greeting.frames_per_set)
   end
   return setmetatable({
      count = 0,
      disk = disk,
      say = say,
      root = settings.spool_folder,
      limit = settings.spool_size * MIB,
      identity = identity_of(greeting),
      greeting = greeting,
      permanent = permanent or false,
      new_log = new_log,
      log = new_log(),
      terms = { session = "", token = "", origin = 0 },
      state = settings.spool_size > 0 and "idle" or "off",
      folder = "",
      origin = 0,
      bytes = 0,
      journal_size = 0,
      reported = {},
   }, Spool)
end

---@param number integer of a set, as the script counts
---@return string
function Spool:screenshot_path(number)
   return ("%s/snapshots/%d.png"):format(self.folder, number - self.origin)
end

--- Return whether the spool still accepts frame sets, as far as is known before the next write.
---@return boolean
function Spool:is_open()
   return self.state == "open" or self.state == "idle"
end

--- Stop writing; what is on disk stays.
---@param reason string
function Spool:stop(reason)
   self.state = "stopped"
   self:close_files()
   if self.count > 0 then
      self:hold()
   else
      self:delete()
   end
   if not self.reported[reason] then
      self.reported[reason] = true
      local consequence = self.permanent
            and "nothing is recorded from here on; import what is there, delete it, and start the script again"
         or "the newest wait in memory"
      self.say("frame sets are no longer kept on disk (" .. reason .. "); " .. consequence)
   end
end

--- Hold the folder against other emulators while nothing is written to it.
function Spool:hold()
   local journal = folders.journal(self.folder)
   self.disk.claim(journal)
   self.reading = self.reading or self.disk.read(journal)
end

function Spool:close_files()
   for _, name in ipairs({ "journal", "csv", "reading" }) do
      if self[name] then
         self[name].close()
         self[name] = nil
      end
   end
end

--- Close the files; what they hold stays, and another emulator may take the folder.
function Spool:close()
   self:close_files()
   if self.folder ~= "" then
      self.disk.unclaim(folders.journal(self.folder))
   end
end

--- The rows of a frame for the log. Frames come in their order.
---@param number integer of its set
---@param frame gbatrace.Frame
---@return string
function Spool:rows(number, frame)
   local origin = self.state == "open" and self.origin or self.terms.origin
   return self.log:rows(number - origin, frame)
end

--- Open the files of a folder that exists, and mark it as this emulator's.
---@param mode "ab"|"wb"
---@return boolean
function Spool:open(mode)
   local journal, csv, problem
   self.disk.claim(folders.journal(self.folder))
   journal, problem = self.disk.write(folders.journal(self.folder), mode)
   if journal then
      self.journal = journal
      csv, problem = self.disk.write(folders.log(self.folder), mode)
   end
   if not csv then
      self:stop(problem or "a file cannot be opened")
      return false
   end
   self.csv, self.state = csv, "open"
   return true
end

--- Open a folder to write to, if none is. Only a screenshot can make one.
---@return boolean
function Spool:ensure_open()
   if self.state ~= "idle" then
      return self.state == "open"
   end
   local folder = folders.free(self.disk, self.root)
   if not folder then
      self:stop("there are " .. folders.MAX_FOLDERS .. " spools already")
      return false
   end
   self.folder, self.origin = folder, self.terms.origin
   local path = folder .. "/snapshots/folder.png"
   local ok, problem = self.disk.screenshot(path)
   if not ok then
      self:stop(problem or "a screenshot cannot be written")
      return false
   end
   self.disk.remove(path)
   self.disk.remove(folders.imported(folder))
   local head = journals.opening(self.identity, self.origin, messages.pack_greeting(self.greeting))
   if not (self:open("wb") and self:write(head .. journals.session(self.terms), "")) then
      return false
   end
   if self.permanent then
      self.say(
         ("BizHawk was started without a link to gbatrace, so log and screenshots go to %s next to the script: %s; %s"):format(
            folder,
            ('"gbatrace import --csv %s" there makes a session of them'):format(folders.log(folder)),
            '"gbatrace play <game>" records live'
         )
      )
   end
   return true
end

--- Save the screenshot of a set whose last frame is on the screen.
---@param number integer
---@return boolean taken
function Spool:save_screenshot(number)
   if not self:ensure_open() then
      return false
   end
   local path = self:screenshot_path(number)
   local ok, problem = self.disk.screenshot(path)
   if not ok then
      self:stop(problem or "a screenshot cannot be written")
      return false
   end
   local screenshot = self.disk.read(path)
   if not screenshot then
      return false
   end
   self.bytes = self.bytes + screenshot.size
   screenshot.close()
   return true
end

---@param records string
---@param rows string
---@return boolean
function Spool:write(records, rows)
   if self.bytes + #records + #rows > self.limit or self.journal_size + #records > MAX_JOURNAL then
      self:stop(("the spool is full, with %d MiB"):format(self.limit // MIB))
      return false
   end
   local ok, problem = self.journal.write(records)
   if ok and rows ~= "" then
      ok, problem = self.csv.write(rows)
   end
   if not ok then
      self:stop(problem or "the disk refuses")
      return false
   end
   self.bytes, self.journal_size = self.bytes + #records + #rows, self.journal_size + #records
   return true
end

--- Save sets and events, all of them or none.
---@param items gbatrace.PendingItem[] sets with encoded frames and their rows
---@return boolean
function Spool:save(items)
   if #items == 0 or not self:ensure_open() then
      return false
   end
   local records, rows = {}, {}
   for i, item in ipairs(items) do
      records[i] = item.set and journals.set(item.set) or journals.event(item.event)
      if item.set then
         rows[#rows + 1] = table.concat(item.set.rows)
      end
   end
   local offset = self.journal_size
   if not self:write(table.concat(records), table.concat(rows)) then
      return false
   end
   for i, item in ipairs(items) do
      local set = item.set
      if set then
         set.offset, set.length = offset, #records[i]
         self.count = self.count + 1
      end
      offset = offset + #records[i]
   end
   return true
end

--- The frames of a set that is on disk.
---@param set gbatrace.PendingSet
---@return string[]? bodies nil if they cannot be read
function Spool:frames(set)
   self.reading = self.reading or self.disk.read(folders.journal(self.folder))
   local bytes = self.reading and self.reading.slice(set.offset, set.length)
   return bytes and journals.frames(bytes)
end

--- The screenshot of a set.
---@param set gbatrace.PendingSet
---@return string? png nil without one
function Spool:png(set)
   local file = set.has_screenshot and self.disk.read(self:screenshot_path(set.number))
   if not file then
      return nil
   end
   local bytes = file.slice(0, file.size)
   file.close()
   return bytes
end

--- Remove a set that the daemon has, and the folder with the last of them.
---@param set gbatrace.PendingSet
function Spool:release(set)
   if set.has_screenshot then
      self.disk.remove(self:screenshot_path(set.number))
   end
   if set.offset then
      self.count = self.count - 1
      if self.count == 0 then
         self:clear()
      end
   end
end

--- Delete what is there and be ready for the next outage.
function Spool:clear()
   self:close_files()
   self:delete()
   self.state = "idle"
   self.log = self.new_log()
end

--- Delete the folder, whose screenshots are deleted already.
function Spool:delete()
   if self.folder ~= "" then
      folders.delete(self.disk, self.root, self.folder)
   end
   self.bytes, self.journal_size = 0, 0
end

--- Note the session that the daemon continues.
---@param terms gbatrace.Terms
function Spool:welcomed(terms)
   self.terms = terms
   if self.state == "open" then
      self:write(journals.session(terms), "")
   elseif self.state == "stopped" and self.count == 0 then
      self.state = "idle"
   end
end

--- Continue what an earlier run left of this game, if it is fresh, and of a session that a daemon knows.
---@param leftovers gbatrace.Leftover[] what was found; the one that is continued is taken out
---@param seconds integer since the epoch
---@return gbatrace.JournalContents? contents to be sent first
function Spool:recover(leftovers, seconds)
   for i, leftover in ipairs(leftovers) do
      local contents = leftover.contents
      local known = contents.terms.token ~= ""
      if known and contents.identity == self.identity and seconds - contents.last_time // 1000 <= FRESH_FOR then
         table.remove(leftovers, i)
         self:take_over(leftover)
         return contents
      end
   end
end

--- Continue a folder of an earlier run.
---@param leftover gbatrace.Leftover
function Spool:take_over(leftover)
   local contents = leftover.contents
   self.folder = leftover.folder
   self.origin, self.terms = contents.origin, contents.terms
   self.count, self.journal_size, self.bytes = contents.sets, contents.bytes, contents.bytes
   local log = self.disk.read(folders.log(self.folder))
   if log then
      self.bytes = self.bytes + log.size
      log.close()
   end
   if contents.whole then
      self:open("ab")
   else
      self:hold()
      self.state = "stopped"
   end
end

return M
