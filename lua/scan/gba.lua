--- Constants of the Game Boy Advance, by BizHawk's names.
---
--- They are all that the script knows of the console; the regions that it scans are settings, see `config.lua`. A test compares both with
--- `protocol/console.py`.

local M = {}

--- Buttons in the order of the KEYINPUT register (GBATEK, 4000130h).
---@type string[]
M.BUTTONS = { "A", "B", "Select", "Start", "Right", "Left", "Up", "Down", "R", "L" }

--- The power switch: BizHawk offers it among the buttons, and holds it down in a reset.
M.POWER = "Power"

--- The register that is the program counter.
M.PROGRAM_COUNTER = "R15"

--- Frames per second, rounded; GBATEK, LCD timings: 59.7275.
M.FRAME_RATE = 60

return M
