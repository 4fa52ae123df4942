-- Environment of BizHawk's Lua in plain Lua 5.4, made before a script is loaded.
--
-- BizHawk changes the process's current directory to the script's folder whenever the script runs. Several emulators
-- can share this process, so the directory stays as it is, and relative paths are completed here instead: for
-- `require`, `io`, `os`, `loadfile` and `dofile`.
--
-- luacheck: globals io os package loadfile dofile python

---@class Prelude
local M = {}

local folder = ""

---@param path any
---@return any
local function complete(path)
   if type(path) ~= "string" or path:match("^[/\\]") or path:match("^%a:") then
      return path
   end
   return folder .. path
end

---@param original function takes a path first
---@return function
local function completing(original)
   return function(path, ...)
      return original(complete(path), ...)
   end
end

local rename = os.rename
local load_file = loadfile

--- Find modules next to the script, as `require` does in a process whose current directory is the script's folder.
---@param name string
---@return function|string loader or why there is none
---@return string? path
local function find_module(name)
   local path, reason = package.searchpath(name, (package.path:gsub("[^;]+", complete)))
   if not path then
      return reason
   end
   local loader, problem = load_file(path)
   if not loader then
      error(("error loading module '%s' from file '%s':\n\t%s"):format(name, path, problem), 0)
   end
   return loader, path
end

-- BizHawk puts its own Lua folder in front; in this one there is nothing until `look_first_in`.
package.path = "/BizHawk/Lua/?.lua;./?.lua;./?/init.lua"
package.searchers = { package.searchers[1], find_module }
io.open = completing(io.open)
io.lines = completing(io.lines)
io.input = completing(io.input)
io.output = completing(io.output)
os.remove = completing(os.remove)
loadfile = completing(loadfile)
dofile = completing(dofile)
os.rename = function(from, to)
   return rename(complete(from), complete(to))
end

-- BizHawk's scripts do without these, or should; os.exit would end whatever program this emulator runs in.
io.popen = nil
os.execute = nil
os.exit = nil
python = nil

--- Make a function look like BizHawk's: userdata that can be called. These are the functions that must be Lua's own,
--- because no other can yield through the script's coroutine.
---@param object userdata any object of the host's
---@param reason string what the coroutine yields
---@return userdata
function M.yielding(object, reason)
   return debug.setmetatable(object, {
      __call = function()
         coroutine.yield(reason)
      end,
   })
end

--- Make a main chunk fail with text, whatever it raised: a coroutine's error loses what it was on its way to the host.
---@param main function
---@return function
function M.failing_with_text(main)
   return function()
      local ok, reason = pcall(main)
      if not ok then
         error(tostring(reason), 0)
      end
   end
end

--- Set BizHawk's own Lua folder.
---@param path string with a separator at its end
function M.look_first_in(path)
   package.path = path .. "?.lua;./?.lua;./?/init.lua"
end

--- Set the folder that relative paths start from.
---@param path string with a separator at its end, or empty for the process's current directory
function M.enter(path)
   folder = path
end

return M
