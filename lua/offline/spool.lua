--- Keeps on disk, beside the script, what there is no daemon for, until the daemon is back and has acknowledged it.
---
---     spool/1/event_log.csv              the original's log ...
---     spool/1/snapshots/<set id>.png     ... and screenshots: what reads those reads these
---     spool/1/journal.bin                the same as it goes over the wire, to be sent later
---
--- A folder holds one outage. It is deleted when everything in it is acknowledged, and stays when the emulator dies; the next start finds it.
--- In a BizHawk without a socket it holds what one start of the script recorded, for good: until it is imported, or a script with a link delivers
--- it. What was imported is told by `imported.bin`, see `protocol/README.md`.
--- Where the disk refuses, or the limit is reached, what is kept stays kept, and the newest sets wait in memory instead.

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
---@field for_good boolean whether nobody sends from here what is kept
---@field private state "off"|"idle"|"open"|"shut"
---@field private folder string
---@field private origin integer the set that snapshots and log call 0
---@field private bytes integer in all files
---@field private place integer end of the journal
---@field private journal gbatrace.Writing?
---@field private csv gbatrace.Writing?
---@field private reading gbatrace.Reading?
---@field private told table<string, boolean>
local Spool = {}
Spool.__index = Spool

local M = {}

--- Folders that are looked at: so many emulators may have died without their spool being collected.
local MOST_FOLDERS = 99

--- Seconds for which a spool that was left behind is gone on with where it ends. Later it is delivered as the past that it is.
local FRESH_FOR = 3600

--- A journal ends before this: Lua on Windows cannot seek further.
local MOST_JOURNAL = 0x7FF00000

local MIB = 1 << 20

--- What a spool is for: only the same game, traced in the same way, can go on with it.
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
---@param for_good boolean? whether nobody sends from here what is kept
---@return gbatrace.Spool
function M.new(disk, say, greeting, settings, for_good)
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
      for_good = for_good or false,
      new_log = new_log,
      log = new_log(),
      terms = { session = "", token = "", origin = 0 },
      state = settings.spool_size > 0 and "idle" or "off",
      folder = "",
      origin = 0,
      bytes = 0,
      place = 0,
      told = {},
   }, Spool)
end

---@param root string
---@param number integer
---@return string
local function folder_of(root, number)
   return ("%s/%d"):format(root, number)
end

---@param folder string
---@return string
local function journal_in(folder)
   return folder .. "/journal.bin"
end

---@param folder string
---@return string
local function log_in(folder)
   return folder .. "/event_log.csv"
end

---@param folder string
---@return string
local function imported_in(folder)
   return folder .. "/imported.bin"
end

--- Bytes before the record in `imported.bin`: how many of the journal were imported.
local IMPORTED_HEAD = 8

--- Take in what an import told: how much of a journal it has, and in which session.
---@param disk gbatrace.DiskPort
---@param folder string
---@param remains gbatrace.Remains
---@return boolean whether all that remains was imported
local function is_imported(disk, folder, remains)
   local file = disk.read(imported_in(folder))
   if not file then
      return false
   end
   local head = file.slice(0, IMPORTED_HEAD)
   local told = journals.read(function(offset, length)
      return file.slice(IMPORTED_HEAD + offset, length)
   end, file.size - IMPORTED_HEAD)
   file.close()
   if not head or told.terms.token == "" then
      return false
   end
   remains.terms = told.terms
   return string.unpack("<I8", head) >= remains.bytes
end

---@param disk gbatrace.DiskPort
---@param folder string
---@return gbatrace.Remains? remains nil without a journal
local function remains_in(disk, folder)
   local file = disk.read(journal_in(folder))
   if not file then
      return nil
   end
   local remains = journals.read(file.slice, file.size)
   file.close()
   return remains
end

---@param number integer of a set, as the script counts
---@return string
function Spool:picture_path(number)
   return ("%s/snapshots/%d.png"):format(self.folder, number - self.origin)
end

--- Whether it takes what comes, as far as it knows.
---@return boolean
function Spool:is_open()
   return self.state == "open" or self.state == "idle"
end

--- Write nothing more; what is there stays.
---@param reason string
function Spool:shut(reason)
   self.state = "shut"
   self:close()
   if self.count == 0 then
      self:delete()
   end
   if not self.told[reason] then
      self.told[reason] = true
      local so = self.for_good and "nothing is recorded from here on; import what is there, delete it, and start the script again"
         or "the newest wait in memory"
      self.say("frame sets are not kept on disk any more (" .. reason .. "); " .. so)
   end
end

--- Close the files; what they hold stays.
function Spool:close()
   for _, name in ipairs({ "journal", "csv", "reading" }) do
      if self[name] then
         self[name].close()
         self[name] = nil
      end
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

--- A folder in which nothing is kept.
---@return string?
function Spool:free_folder()
   for number = 1, MOST_FOLDERS do
      local folder = folder_of(self.root, number)
      local remains = remains_in(self.disk, folder)
      if not remains or remains.sets == 0 and self.disk.is_free(journal_in(folder)) then
         return folder
      end
   end
end

--- Open the files of a folder that is there.
---@param mode "ab"|"wb"
---@return boolean
function Spool:open(mode)
   local journal, csv, problem
   journal, problem = self.disk.write(journal_in(self.folder), mode)
   if journal then
      self.journal = journal
      csv, problem = self.disk.write(log_in(self.folder), mode)
   end
   if not csv then
      self:shut(problem or "a file cannot be opened")
      return false
   end
   self.csv, self.state = csv, "open"
   return true
end

--- Make sure that there is a folder to write to. Only a screenshot can make one.
---@return boolean
function Spool:begin()
   if self.state ~= "idle" then
      return self.state == "open"
   end
   local folder = self:free_folder()
   if not folder then
      self:shut("there are " .. MOST_FOLDERS .. " spools already")
      return false
   end
   self.folder, self.origin = folder, self.terms.origin
   local path = folder .. "/snapshots/folder.png"
   local ok, problem = self.disk.screenshot(path)
   if not ok then
      self:shut(problem or "a screenshot cannot be written")
      return false
   end
   self.disk.remove(path)
   self.disk.remove(imported_in(folder))
   local head = journals.spool(self.identity, self.origin, messages.greeting_bytes(self.greeting))
   if not (self:open("wb") and self:write(head .. journals.session(self.terms), "")) then
      return false
   end
   if self.for_good then
      self.say(
         ("BizHawk was started without a link to gbatrace, so log and screenshots go to %s beside the script: %s; %s"):format(
            folder,
            ('"gbatrace import --csv %s" there makes a session of them'):format(log_in(folder)),
            '"gbatrace play <game>" records live'
         )
      )
   end
   return true
end

--- Take the picture of a set whose last frame is on the screen.
---@param number integer
---@return boolean taken
function Spool:picture(number)
   if not self:begin() then
      return false
   end
   local path = self:picture_path(number)
   local ok, problem = self.disk.screenshot(path)
   if not ok then
      self:shut(problem or "a screenshot cannot be written")
      return false
   end
   local picture = self.disk.read(path)
   if not picture then
      return false
   end
   self.bytes = self.bytes + picture.size
   picture.close()
   return true
end

---@param records string
---@param rows string
---@return boolean
function Spool:write(records, rows)
   if self.bytes + #records + #rows > self.limit or self.place + #records > MOST_JOURNAL then
      self:shut(("the spool has its %d MiB"):format(self.limit // MIB))
      return false
   end
   local ok, problem = self.journal.write(records)
   if ok and rows ~= "" then
      ok, problem = self.csv.write(rows)
   end
   if not ok then
      self:shut(problem or "the disk refuses")
      return false
   end
   self.bytes, self.place = self.bytes + #records + #rows, self.place + #records
   return true
end

--- Put sets and events on disk, all of them or none.
---@param items gbatrace.HeldItem[] sets with their frames and rows written out
---@return boolean
function Spool:keep(items)
   if #items == 0 or not self:begin() then
      return false
   end
   local records, rows = {}, {}
   for i, item in ipairs(items) do
      records[i] = item.set and journals.set(item.set) or journals.event(item.event)
      if item.set then
         rows[#rows + 1] = table.concat(item.set.rows)
      end
   end
   local place = self.place
   if not self:write(table.concat(records), table.concat(rows)) then
      return false
   end
   for i, item in ipairs(items) do
      local set = item.set
      if set then
         set.place, set.length = place, #records[i]
         self.count = self.count + 1
      end
      place = place + #records[i]
   end
   return true
end

--- The frames of a set that is on disk.
---@param set gbatrace.HeldSet
---@return string[]? bodies nil if they cannot be read
function Spool:frames(set)
   self.reading = self.reading or self.disk.read(journal_in(self.folder))
   local bytes = self.reading and self.reading.slice(set.place, set.length)
   return bytes and journals.frames(bytes)
end

--- The picture of a set.
---@param set gbatrace.HeldSet
---@return string? png nil without one
function Spool:png(set)
   local file = set.pictured and self.disk.read(self:picture_path(set.number))
   if not file then
      return nil
   end
   local bytes = file.slice(0, file.size)
   file.close()
   return bytes
end

--- Let go of a set that the daemon has, and of everything with the last of them.
---@param set gbatrace.HeldSet
function Spool:release(set)
   if set.pictured then
      self.disk.remove(self:picture_path(set.number))
   end
   if set.place then
      self.count = self.count - 1
      if self.count == 0 then
         self:clear()
      end
   end
end

--- Delete what is there and be ready for the next outage.
function Spool:clear()
   self:close()
   self:delete()
   self.state = "idle"
   self.log = self.new_log()
end

--- Delete the folder, the pictures being gone.
function Spool:delete()
   local remove, folder = self.disk.remove, self.folder
   if folder ~= "" then
      remove(journal_in(folder))
      remove(log_in(folder))
      remove(imported_in(folder))
      remove(folder .. "/snapshots")
      remove(folder)
      remove(self.root)
   end
   self.bytes, self.place = 0, 0
end

--- Remember which session it is that goes on.
---@param terms gbatrace.Terms
function Spool:welcomed(terms)
   self.terms = terms
   if self.state == "open" then
      self:write(journals.session(terms), "")
   elseif self.state == "shut" and self.count == 0 then
      self.state = "idle"
   end
end

--- Advice for the player: the folder that cannot be delivered, and how to import it.
---@param folder string
---@return string
function M.advice(folder)
   return ('they are in %s beside the script; "gbatrace import --csv %s" reads them there'):format(folder, log_in(folder))
end

--- Content of a spool folder, of whatever game.
---@class gbatrace.Left
---@field folder string
---@field remains gbatrace.Remains

--- Look for what earlier runs left behind.
---@param disk gbatrace.DiskPort
---@param root string folder of the spools
---@return gbatrace.Left[]
function M.left_behind(disk, root)
   local found = {}
   for number = 1, MOST_FOLDERS do
      local folder = folder_of(root, number)
      local remains = remains_in(disk, folder)
      if remains and remains.sets > 0 and disk.is_free(journal_in(folder)) and not is_imported(disk, folder, remains) then
         found[#found + 1] = { folder = folder, remains = remains }
      end
   end
   return found
end

--- Go on with what an earlier run left behind of this game, if it is fresh, and of a session that a daemon knows.
---@param left gbatrace.Left[] what was found; what is gone on with is taken out
---@param seconds integer since the epoch
---@return gbatrace.Remains? remains to be sent first
function Spool:recover(left, seconds)
   for i, found in ipairs(left) do
      local remains = found.remains
      local known = remains.terms.token ~= ""
      if known and remains.identity == self.identity and seconds - remains.last_time // 1000 <= FRESH_FOR then
         table.remove(left, i)
         self:take(found)
         return remains
      end
   end
end

--- Go on with a folder of an earlier run.
---@param left gbatrace.Left
function Spool:take(left)
   local remains = left.remains
   self.folder = left.folder
   self.origin, self.terms = remains.origin, remains.terms
   self.count, self.place, self.bytes = remains.sets, remains.bytes, remains.bytes
   local log = self.disk.read(log_in(self.folder))
   if log then
      self.bytes = self.bytes + log.size
      log.close()
   end
   if remains.whole then
      self:open("ab")
   else
      self.state = "shut"
   end
end

return M
