"""The Lua script that runs inside the emulator; `lua.headless` is the stand-in emulator.

Start reading at `event_logger.lua`: it wires `scan/` (what is looked at, and what differs), `wire/` (what is said, and
to whom) and `host/` (the only files that name BizHawk's functions). `config.lua` is the user's.
"""

__all__: list[str] = []
