"""BizHawk on this machine: where it is, whether it is new enough, and how it is started.

* `version` — versions of BizHawk, and the oldest that works. `launch` — EmuHawk's command line. `places` — its usual
  folders. Pure.
* Shells: `search` finds it, reads its version and remembers it; `game_file` checks the game first;
  `emuhawk_process` is the running emulator; `play` puts it together.
"""

__all__: list[str] = []
