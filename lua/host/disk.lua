--- Files next to the script.
---
--- Relative paths start from the script's folder. Lua cannot make a folder, but BizHawk makes those that a screenshot needs. Nothing here raises:
--- what the disk refuses is returned as a sentence.

local attempt = require("host.errors").attempt

local M = {}

--- Write the screen to a PNG. BizHawk also shows a message on its screen, which cannot be turned off.
---@param path string
---@return boolean
---@return string? problem
function M.screenshot(path)
   local _, problem = attempt(function()
      client.screenshot(path)
   end)
   return problem == nil, problem
end

---@param path string
---@return gbatrace.Reading? file nil if there is no such file
function M.read(path)
   local file = io.open(path, "rb")
   if not file then
      return nil
   end
   return {
      size = file:seek("end") or 0,
      slice = function(offset, length)
         local bytes = file:seek("set", offset) and file:read(length)
         return bytes and #bytes == length and bytes or nil
      end,
      close = function()
         file:close()
      end,
   }
end

---@param path string
---@param mode "ab"|"wb"
---@return gbatrace.Writing? file nil if the disk refuses
---@return string? problem
function M.write(path, mode)
   local file, problem = io.open(path, mode)
   if not file then
      return nil, problem
   end
   return {
      write = function(text)
         local written, refusal = file:write(text)
         if written then
            written, refusal = file:flush()
         end
         return written ~= nil and written ~= false, refusal
      end,
      close = function()
         file:close()
      end,
   }
end

--- The identity of a process: its number and when it started, so that a number that is given again is another process.
---@param number string as Linux has it, or "self" for the emulator's own
---@return string? identity nil if there is no such process, or where Lua cannot look (proc(5) is Linux's)
local function process(number)
   local file = io.open("/proc/" .. number .. "/stat", "r")
   if not file then
      return nil
   end
   local own_number, fields = (file:read("a") or ""):match("^(%d+) .*%) (.*)$")
   file:close()
   local started = fields and fields:match("^" .. ("%S+ "):rep(19) .. "(%d+)")
   return started and own_number .. " " .. started
end

---@param path string
---@return string
local function owner_of(path)
   return path .. ".owner"
end

--- Mark a file as this emulator's, where an open file does not show that it is in use.
---@param path string
function M.claim(path)
   local me, file = process("self"), nil
   if me then
      file = io.open(owner_of(path), "wb")
   end
   if file then
      file:write(me)
      file:close()
   end
end

--- Take the mark off again.
---@param path string
function M.unclaim(path)
   os.remove(owner_of(path))
end

--- Return whether no other emulator uses a file.
---
--- Windows refuses to rename a file that is open. Linux does not: there the file's owner decides, for as long as that process runs.
---@param path string
---@return boolean
function M.is_free(path)
   local file = io.open(owner_of(path), "rb")
   if file then
      local owner = file:read("a") or ""
      file:close()
      local number = owner:match("^%d+")
      if number and owner ~= process("self") and owner == process(number) then
         return false
      end
   end
   local aside = path .. ".aside"
   return os.rename(path, aside) ~= nil and os.rename(aside, path) ~= nil
end

--- Delete a file, or a folder that is empty (not on Windows, where empty folders stay).
---@param path string
function M.remove(path)
   os.remove(path)
end

return M
