--- Console buttons as a bit set, in the order of the GBA's KEYINPUT register (GBATEK, 4000130h). The names are BizHawk's.

local M = {}

---@type string[]
M.NAMES = { "A", "B", "Select", "Start", "Right", "Left", "Up", "Down", "R", "L" }

--- The console's power switch: BizHawk offers it among the buttons, and holds the reset in it.
M.POWER = "Power"

--- Bit *i* is the button `NAMES[i + 1]`.
---@param pressed table<string, any> as `joypad.get()` returns it
---@return integer
function M.bits(pressed)
   local bits = 0
   for i, name in ipairs(M.NAMES) do
      if pressed[name] == true then
         bits = bits | 1 << (i - 1)
      end
   end
   return bits
end

return M
