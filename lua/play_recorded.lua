--- gbatrace's script for a check: plays recorded buttons while event_logger.lua traces.
---
--- "gbatrace play --check" starts it. At the end it closes BizHawk.

-- By path: an old copy of a module in BizHawk's own Lua folder must not win.
local recorded_play = assert(loadfile("host/recorded_play.lua"))()
local trace = assert(loadfile("event_logger.lua"))

recorded_play.start()
trace()
