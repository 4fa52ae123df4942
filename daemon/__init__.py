"""The daemon: takes what emulators send, turns it into frame sets, stores and publishes them.

It is two processes. The *event loop* hears emulators, assembles, publishes and decides; the *writer* (`daemon.writer`)
owns the files of what is recorded. Reading order, the pure modules first:

* `history`, `mirror`, `recent_sets`, `tally` — what is remembered of one session: change counts and buttons, memory,
  the last frame sets, how many there are.
* `rebuild` — memory as a session's files tell it.
* `screenshots` — whether bytes are a screenshot.
* `assembler` — messages of the link become frame sets.
* `session` — one session from HELLO to its end: how it came to be in `session_origin`, what it wants done in `effects`,
  as jobs of the writer in `session_jobs`; `sessions` — all of them, and who may go on with which.
* `ledger` — what was given to the writer and is not reported yet.
* `game_configs` — which game this is.
* `launch` — the command line that starts EmuHawk.
* `settings` — every option, with its unit and default.

Shells, those of the event loop first: `ingest` owns the sockets of the link, `bus` those of ZeroMQ, `recorder` carries
out what sessions want, `writer_process` starts the writer and gives it jobs (`joined_process` makes their socket),
`web_process` starts the page, `terminal` is what the person at the keyboard reads, `background` a thread for labels;
`server` wires them, `cli` starts it, `doctor` explains what is missing. On the disk: `files`, `journals` write whole
files and whole lines, `durability` forces them out, `recording_lock` says who records, `restoring` finds the sessions
that were cut off, `session_writer` writes one without a writer beside it.
"""

__all__: list[str] = []
