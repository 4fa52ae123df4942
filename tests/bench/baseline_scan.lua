-- luacheck: read_globals client emu event joypad memory userdata
--- The baseline: the usual way to log a game's memory, as straightforwardly as it can be written.
---
--- One read per word, a table per address, a CSV line per change, rows flushed two hundred at a time, a screenshot per frame set. Settings come by
--- userdata: `log` and `snapshots` are paths, each snapshot's number and ending are added.

local REGIONS = {
   { name = "iwram", domain = "IWRAM", base = 0x03000000, size = 0x8000 },
   { name = "ewram", domain = "EWRAM", base = 0x02000000, size = 0x40000 },
}
local CHUNKS = 5
local WINDOW = 100
local BUFFER = 200
local BUTTONS = { "A", "B", "Select", "Start", "Right", "Left", "Up", "Down", "R", "L" }

local log = assert(io.open(userdata.get("log"), "w"))
local snapshots = userdata.get("snapshots")
local rows, entries, history = {}, {}, {}
local set, chunk = 0, 0

local function flush()
   if #rows > 0 then
      log:write(table.concat(rows, "\n"), "\n")
      log:flush()
      rows = {}
   end
end

local function held_buttons()
   local pressed, names = joypad.get(), {}
   for _, name in ipairs(BUTTONS) do
      if pressed[name] then
         names[#names + 1] = name
      end
   end
   return #names > 0 and table.concat(names, "+") or "None"
end

local function frequency(entry, frame)
   local recent = {}
   for _, changed in ipairs(entry.changed) do
      if changed > frame - WINDOW then
         recent[#recent + 1] = changed
      end
   end
   recent[#recent + 1] = frame
   entry.changed = recent
   return #recent
end

local function scan(region, frame, stamp, pc, past, keys)
   local size = (region.size + CHUNKS - 1) // CHUNKS
   size = (size + 3) // 4 * 4
   local first = chunk * size
   for offset = first, math.min(first + size, region.size) - 4, 4 do
      local address = region.base + offset
      local value = memory.read_u32_le(offset, region.domain)
      local entry = entries[address]
      if not entry then
         entries[address] = { value = value, changed = {} }
      elseif entry.value ~= value then
         local freq = frequency(entry, frame)
         rows[#rows + 1] = string.format(
            "%d,%s,%d,%08X,%08X,%08X,%d,%08X,%s,%s,%d,%d",
            stamp,
            region.name,
            frame,
            address,
            entry.value,
            value,
            freq,
            pc,
            past,
            keys,
            set,
            chunk
         )
         entry.value = value
         if #rows >= BUFFER then
            flush()
         end
      end
   end
end

event.onframeend(function()
   local frame = emu.framecount()
   local keys = held_buttons()
   if history[#history] ~= keys then
      history[#history + 1] = keys
      if #history > 5 then
         table.remove(history, 1)
      end
   end
   local pc = emu.getregister("R15") & 0xFFFFFFFF
   local stamp, past = os.time() * 1000, table.concat(history, " | ")
   for _, region in ipairs(REGIONS) do
      scan(region, frame, stamp, pc, past, keys)
   end
   chunk = chunk + 1
   if chunk == CHUNKS then
      client.screenshot(snapshots .. set .. ".png")
      set, chunk = set + 1, 0
   end
end)

event.onexit(flush)

while true do
   emu.frameadvance()
end
