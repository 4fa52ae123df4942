"""The daemon: takes what emulators send, turns it into frame sets, stores and publishes them.

Reading order, the pure modules first:

* `history`, `mirror` — what the daemon remembers of one session: change counts, buttons, memory.
* `rebuild` — memory as a session's files tell it.
* `screenshots` — whether bytes are a screenshot.
* `assembler` — messages of the link become frame sets.
* `session` — one session from HELLO to its end; `sessions` — all of them, and who may go on with which.
* `game_configs` — which game this is.
* `launch` — the command line that starts EmuHawk.
* `settings` — every option, with its unit and default.

Shells: `files`, `journals` write whole files and whole lines, `durability` forces them out, `recording_lock` says who
records; `session_writer` writes one session and `restoring` finds those that were cut off; `store` owns the disk (one
thread), `ingest` the sockets of the link, `bus` those of ZeroMQ, `web_process` the process of the page, `terminal` what
the person at the keyboard reads; `server` wires them, `cli` starts it, `doctor` explains what is missing.
"""

__all__: list[str] = []
