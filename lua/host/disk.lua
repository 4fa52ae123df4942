--- Files beside the script. Relative paths start from the script's folder. Lua can make no folder, but BizHawk makes those that a screenshot
--- needs. Nothing here raises: what the disk refuses comes back as a sentence.

local problems = require("host.problem")

local M = {}

--- Write the screen to a PNG. BizHawk also says so on its screen, and there is no way to ask it not to.
---@param path string
---@return boolean
---@return string? problem
function M.screenshot(path)
   local ok, problem = pcall(function()
      client.screenshot(path)
   end)
   return ok, not ok and problems.text(problem) or nil
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

--- Whether no other emulator has a file open. Only Windows knows; elsewhere the answer is yes.
---@param path string
---@return boolean
function M.is_free(path)
   local aside = path .. ".aside"
   return os.rename(path, aside) ~= nil and os.rename(aside, path) ~= nil
end

--- Delete a file, or a folder that is empty (not on Windows, where empty folders stay).
---@param path string
function M.remove(path)
   os.remove(path)
end

return M
