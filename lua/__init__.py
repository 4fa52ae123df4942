"""The Lua script that runs inside the emulator; `lua.headless` is the stand-in emulator.

Start reading at `event_logger.lua`: it wires `scan/` (the scan of memory for changes), `wire/` (messages and state of
the link), `offline/` (frame sets on disk while there is no link) and `host/` (the only files that name BizHawk's
functions). `types/` describes what they pass to each other; `config.lua` is the user's.
"""

__all__: list[str] = []
