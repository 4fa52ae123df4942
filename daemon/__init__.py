"""The daemon: takes what emulators send, turns it into frame sets, stores and publishes them.

It is two processes. The *event loop* hears emulators, assembles, publishes and decides; the *writer* owns the files of
what is recorded. Its rooms, along the way of a frame set:

* `link` — the emulators' connections.
* `recording` — what they say becomes frame sets and sessions. Mostly pure.
* `writer` — the process that owns the files of what is recorded.
* `labels` — what people say of frame sets: commands, their history, undo, the files.

Beside it: `batch` — imports, checks and lists sessions; `export` — writes them in the formats of others; `bizhawk` —
finds BizHawk, starts and watches it; `processes` — what the daemon starts and looks after; `disk` — what every writer
of files needs; `access` — who may come in.

Here at the top: `settings` — every option, with its unit and default; `game_configs` — which game this is; `findings` —
what `doctor` and a check found, and their table. Shells: `bus` owns the sockets of ZeroMQ, `background` a thread for
labels, `terminal` is what the person at the keyboard reads, `server` wires everything, `running` runs it in a terminal,
`cli` reads the command line, `doctor` explains what is missing, `demo_check` says what the demo game must come to.
"""

__all__: list[str] = []
