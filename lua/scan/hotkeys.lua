--- Keys of the computer's keyboard that mark and latch from inside the game window. A key acts once each time it goes down.

--- What a key does: an event for the daemon.
---@class gbatrace.KeyAction
---@field name "mark"|"latch"
---@field details table<string, string>
---@field notice string shown on the emulator's screen for a moment

---@class gbatrace.Hotkeys
---@field private bindings gbatrace.Binding[]
---@field private held table<string, boolean>
local Hotkeys = {}
Hotkeys.__index = Hotkeys

local M = {}

---@class gbatrace.Binding
---@field key string
---@field action gbatrace.KeyAction

--- Labels that one key can latch. `tags` holds several values and has no place here.
---@type table<string, boolean>
local FIELDS = { context = true, scene = true, action = true, intent = true, outcome = true }

--- Longest name of a mark or value of a label, in bytes.
local MAX_VALUE = 200

---@param value any
---@return boolean
local function is_name(value)
   return type(value) == "string" and value ~= "" and #value <= MAX_VALUE and utf8.len(value) ~= nil
end

---@param wish any what the settings say of a key
---@return gbatrace.KeyAction? action nil if it makes no sense
local function action_of(wish)
   if type(wish) ~= "table" then
      return nil
   end
   local mark, latch = wish.mark, wish.latch
   if is_name(mark) and latch == nil then
      return { name = "mark", details = { name = mark }, notice = "mark " .. mark }
   elseif mark == nil and type(latch) == "table" and FIELDS[latch.field] and is_name(latch.value) then
      return {
         name = "latch",
         details = { field = latch.field, value = latch.value },
         notice = latch.field .. " " .. latch.value,
      }
   end
end

--- Check what `config.lua` says of keys.
---@param raw any
---@return gbatrace.Binding[] bindings in the order of their keys
---@return string[] problems sentences for the player
function M.check(raw)
   if raw == nil then
      return {}, {}
   elseif type(raw) ~= "table" then
      return {}, { "hotkeys must be a table of keys; there are none now" }
   end
   local bindings, problems = {}, {}
   for key, wish in pairs(raw) do
      local action = type(key) == "string" and action_of(wish)
      if action then
         bindings[#bindings + 1] = { key = key, action = action }
      else
         problems[#problems + 1] = ("the hotkey %s must have a mark, or a latch of field and value; it does nothing now"):format(
            tostring(key)
         )
      end
   end
   table.sort(bindings, function(one, other)
      return one.key < other.key
   end)
   table.sort(problems)
   return bindings, problems
end

---@param bindings gbatrace.Binding[]
---@return gbatrace.Hotkeys
function M.new(bindings)
   return setmetatable({ bindings = bindings, held = {} }, Hotkeys)
end

--- Whether there is any key to look at.
---@return boolean
function Hotkeys:any()
   return #self.bindings > 0
end

--- What the keys that went down since the last look ask for.
---@param down table<string, any> as `input.get()` returns it
---@return gbatrace.KeyAction[]
function Hotkeys:pressed(down)
   local actions, held = {}, self.held
   for _, binding in ipairs(self.bindings) do
      local key = binding.key
      local now = down[key] == true
      if now and not held[key] then
         actions[#actions + 1] = binding.action
      end
      held[key] = now
   end
   return actions
end

return M
