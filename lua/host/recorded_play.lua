--- Recorded play: presses given buttons frame by frame, then closes BizHawk.
---
--- The buttons come from userdata: `--userdata "inputs:120 Start,124 None;frames:3600"`.
---
--- BizHawk's own way is a movie, but on the mGBA core it plays one only where the user has a GBA BIOS (MGBAHawk.cs: "A BIOS is required for
--- deterministic recordings!"). `joypad.set` overrides what the player holds for one frame; BizHawk clears it right before `onframestart`
--- (MainForm.cs, StepRunLoop_Core; JoypadApi.cs), so that is where it is set.

local M = {}

---@class gbatrace.InputChange
---@field frame integer from this frame on, counted from 0
---@field held table<string, boolean> every button, held or not

---@param text string as in an input file, with commas between the lines
---@param names string[] the console's buttons
---@return gbatrace.InputChange[]
function M.parse(text, names)
   local changes = {}
   for frame, combination in text:gmatch("(%d+) ([%w+]+)") do
      local held = {}
      for _, name in ipairs(names) do
         held[name] = ("+" .. combination .. "+"):find("+" .. name .. "+", 1, true) ~= nil
      end
      changes[#changes + 1] = { frame = math.tointeger(tonumber(frame)), held = held }
   end
   return changes
end

--- Find what is held at a frame.
---@param changes gbatrace.InputChange[] with ascending frames
---@param frame integer
---@return table<string, boolean>? held nil before the first change
function M.held(changes, frame)
   local held = nil
   for _, change in ipairs(changes) do
      if change.frame > frame then
         break
      end
      held = change.held
   end
   return held
end

--- Register the callbacks. They stay registered next to those of the tracer.
function M.start()
   local names = assert(loadfile("scan/gba.lua"))().BUTTONS
   local changes = M.parse(tostring(userdata.get("inputs")), names)
   local last = tonumber(userdata.get("frames")) or math.huge
   local nothing = M.parse("0 None", names)[1].held

   event.onframestart(function()
      joypad.set(M.held(changes, emu.framecount()) or nothing)
   end)
   event.onframeend(function()
      if emu.framecount() >= last then
         client.exit()
      end
   end)
end

return M
