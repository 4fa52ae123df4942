"""Stand-in emulator: real Lua 5.4 around a real mGBA core, for unmodified BizHawk scripts.

It behaves as BizHawk really does, faults included, so that a script that works here works there. Reading order:

* `flavours`, `inputs`, `pacing`, `picture`, `domains`, `costs`: pure.
* `core` (interface of a console); `libretro_core` with `drivers`, `shared_library`, `rom` (a real core); `tape_core`
  over `tape` (the recording of one); `console_choice` with `core_search` (which of them plays).
* `marshalling` (between Lua and BizHawk), `script` with `prelude.lua` (the Lua state and the script's coroutine).
* `memory_api`, `comm_api` over `comm_socket`, `event_api`, `emu_api`, `joypad_api`, `client_api`, `small_apis`,
  `lua_console`: BizHawk's libraries.
* `emulator` (all of it together), `player` (plays a game unattended).

Flavour: the BizHawk version that is imitated, 2.10, 2.11 or 2.11.1. Console: the Game Boy Advance. Lua console: the
window that a script writes to.
"""

__all__: list[str] = []
