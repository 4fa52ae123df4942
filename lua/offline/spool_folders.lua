--- Folders of the spool: their files, which are free, and what earlier runs left in them.

local journals = require("offline.journal")

local M = {}

--- Folders that are searched: so many emulators may have died without their spool being collected.
M.MAX_FOLDERS = 99

--- Bytes before the record in `imported.bin`: how much of the journal was imported.
local IMPORTED_HEAD = 8

---@param folder string
---@return string
function M.journal(folder)
   return folder .. "/journal.bin"
end

---@param folder string
---@return string
function M.log(folder)
   return folder .. "/event_log.csv"
end

--- Path of `imported.bin`, the receipt that an import writes (`protocol/README.md`).
---@param folder string
---@return string
function M.imported(folder)
   return folder .. "/imported.bin"
end

--- Advice for the player: the folder that cannot be delivered, and how to import it.
---@param folder string
---@return string
function M.advice(folder)
   return ('they are in %s next to the script; "gbatrace import --csv %s" reads them there'):format(folder, M.log(folder))
end

---@param disk gbatrace.DiskPort
---@param folder string
---@return gbatrace.JournalContents? contents nil without a journal
local function journal_contents(disk, folder)
   local file = disk.read(M.journal(folder))
   if not file then
      return nil
   end
   local contents = journals.read(file.slice, file.size)
   file.close()
   return contents
end

--- Take over the session of an import from `imported.bin`.
---@param disk gbatrace.DiskPort
---@param folder string
---@param contents gbatrace.JournalContents of its journal; gets the session of the import
---@return boolean whether all of the journal was imported
local function is_imported(disk, folder, contents)
   local file = disk.read(M.imported(folder))
   if not file then
      return false
   end
   local head = file.slice(0, IMPORTED_HEAD)
   local imported = journals.read(function(offset, length)
      return file.slice(IMPORTED_HEAD + offset, length)
   end, file.size - IMPORTED_HEAD)
   file.close()
   if not head or imported.terms.token == "" then
      return false
   end
   contents.terms = imported.terms
   return string.unpack("<I8", head) >= contents.bytes
end

--- The first folder that holds no frame set and that no other emulator uses.
---@param disk gbatrace.DiskPort
---@param root string
---@return string? folder nil if there are too many already
function M.free(disk, root)
   for number = 1, M.MAX_FOLDERS do
      local folder = ("%s/%d"):format(root, number)
      local contents = journal_contents(disk, folder)
      if not contents or contents.sets == 0 and disk.is_free(M.journal(folder)) then
         return folder
      end
   end
end

--- A spool folder that an earlier run left, of whatever game.
---@class gbatrace.Leftover
---@field folder string
---@field contents gbatrace.JournalContents

--- Find the folders that earlier runs left.
---@param disk gbatrace.DiskPort
---@param root string
---@return gbatrace.Leftover[]
function M.leftovers(disk, root)
   local found = {}
   for number = 1, M.MAX_FOLDERS do
      local folder = ("%s/%d"):format(root, number)
      local contents = journal_contents(disk, folder)
      if contents and contents.sets > 0 and disk.is_free(M.journal(folder)) and not is_imported(disk, folder, contents) then
         found[#found + 1] = { folder = folder, contents = contents }
      end
   end
   return found
end

--- Delete a folder whose screenshots are deleted already, and the root if it was the last.
---@param disk gbatrace.DiskPort
---@param root string
---@param folder string
function M.delete(disk, root, folder)
   disk.unclaim(M.journal(folder))
   disk.remove(M.journal(folder))
   disk.remove(M.log(folder))
   disk.remove(M.imported(folder))
   disk.remove(folder .. "/snapshots")
   disk.remove(folder)
   disk.remove(root)
end

return M
