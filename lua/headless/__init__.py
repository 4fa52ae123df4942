"""The stand-in emulator: runs an unmodified BizHawk Lua script under real Lua 5.4 around a real mGBA core.

It behaves as BizHawk really does, faults included, so that a script that works here works there. To read it in order:

* `flavours`, `net_objects`, `inputs`, `pacing`, `picture`, `domains`, `weights`, `costs`: pure.
* `core` (what a console must offer); `libretro_core` with `drivers`, `library`, `rom` (the real one); `tape_core` over
  `tape` (what a real one did, played back); `console_choice` with `core_search` (which of them plays).
* `border` (what every call from Lua crosses), `script` with `prelude.lua` (the Lua state and the script's coroutine).
* `memory_api`, `comm_api` over `comm_socket`, `event_api`, `emu_api`, `joypad_api` with `joypad_overrides`,
  `client_api`, `host_apis`, `lua_console`: BizHawk's libraries.
* `emulator` (all of it together), `player` (plays a game unattended).

Flavour: the BizHawk version that is imitated, 2.10, 2.11 or 2.11.1. Console: the Game Boy Advance. Lua console: the
window that a script writes to.
"""

__all__: list[str] = []
