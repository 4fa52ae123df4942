--- Hotkeys of the computer's keyboard, which mark and latch, and their notice on the screen.
---
--- A key acts once each time it goes down.

--- The event that a key sends to the daemon.
---@class gbatrace.KeyAction
---@field name "mark"|"latch"
---@field details table<string, string>
---@field notice string shown on the emulator's screen for a moment

---@class gbatrace.Hotkeys
---@field private bindings gbatrace.Binding[]
---@field private held table<string, boolean>
---@field private notice string of the key that acted last
---@field private notice_frames integer for which it is still shown
local Hotkeys = {}
Hotkeys.__index = Hotkeys

local M = {}

---@class gbatrace.Binding
---@field key string
---@field action gbatrace.KeyAction

--- Labels that one key can latch. `tags` holds several values and has no place here.
---@type table<string, boolean>
local FIELDS = { context = true, scene = true, action = true, intent = true, outcome = true }

--- Frames for which a notice is shown: a second and a half.
local NOTICE_FRAMES = 90

--- Longest name of a mark or value of a label, in bytes.
local MAX_VALUE = 200

---@param value any
---@return boolean
local function is_name(value)
   return type(value) == "string" and value ~= "" and #value <= MAX_VALUE and utf8.len(value) ~= nil
end

---@param wanted any the setting of a key
---@return gbatrace.KeyAction? action nil if the setting is not usable
local function action_of(wanted)
   if type(wanted) ~= "table" then
      return nil
   end
   local mark, latch = wanted.mark, wanted.latch
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

--- Check the hotkeys of `config.lua`.
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
   for key, wanted in pairs(raw) do
      local action = type(key) == "string" and action_of(wanted)
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
   return setmetatable({ bindings = bindings, held = {}, notice = "", notice_frames = 0 }, Hotkeys)
end

--- Return whether any hotkeys are set.
---@return boolean
function Hotkeys:any()
   return #self.bindings > 0
end

--- Actions of the keys that went down since the last call.
---@param down table<string, any> as `input.get()` returns it
---@return gbatrace.KeyAction[]
function Hotkeys:pressed(down)
   local actions, held = {}, self.held
   for _, binding in ipairs(self.bindings) do
      local key = binding.key
      local now = down[key] == true
      if now and not held[key] then
         actions[#actions + 1] = binding.action
         self.notice, self.notice_frames = binding.action.notice, NOTICE_FRAMES
      end
      held[key] = now
   end
   return actions
end

--- Text for the emulator's screen, with the notice of the last key while it is fresh. Call once a frame.
---@param status string the text that is shown anyway, or empty
---@return string text empty for none
function Hotkeys:caption(status)
   if self.notice_frames == 0 then
      return status
   end
   self.notice_frames = self.notice_frames - 1
   local notice = "[" .. self.notice .. "]"
   return status == "" and notice or status .. " " .. notice
end

return M
