--- State of the emulator: its version, the game, frame counter, registers, buttons and keys.

local attempt = require("host.errors").attempt
local gba = require("scan.gba")

local M = {}

--- The name that BizHawk gives to the absence of a game.
M.NO_SYSTEM = "NULL"

--- SHA-1 of the ROM, upper-case hex; empty without one.
---@return string
function M.rom_hash()
   return gameinfo.getromhash() or ""
end

---@return string
function M.rom_name()
   return gameinfo.getromname() or ""
end

---@return string such as `GBA`
function M.system()
   return emu.getsystemid()
end

---@return string such as `BizHawk 2.11.1`
function M.client()
   return "BizHawk " .. client.getversion()
end

---@return integer
function M.frame_count()
   return emu.framecount() | 0
end

--- True if the core has registers. One without logs an error each time it is asked for one.
---@return boolean
function M.has_pc()
   return emu.getregisters()[gba.PROGRAM_COUNTER] ~= nil
end

--- The program counter; see `has_pc`.
---@return integer 32 bits
function M.pc()
   return emu.getregister(gba.PROGRAM_COUNTER) & 0xFFFFFFFF
end

--- The console's buttons in the last frame, as the core was given them: a movie's while one plays.
---@return table<string, any>
function M.joypad()
   return joypad.getwithmovie()
end

--- True while BizHawk does not draw every frame: it runs ahead, or is set to skip. Where it skips only what the machine is too slow for, as
--- out of the box, it cannot be known.
---@return boolean
function M.skips_frames()
   return attempt(function()
      local config = client.getconfig()
      return client.isturbo() or config.FrameSkip > 0 and not config.AutoMinimizeSkipping
   end) == true
end

--- The keys of the computer's keyboard that are down, by BizHawk's names.
---@return table<string, any>
function M.keys()
   return input.get()
end

return M
