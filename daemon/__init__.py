"""The daemon: turns what emulators send into frame sets, stores and publishes them.

Two processes: the *event loop* reads from emulators, assembles and publishes; the *writer* owns the files of what is
recorded. Its rooms, along the way of a frame set:

* `link` — the emulators' connections.
* `recording` — messages become frame sets and sessions. Mostly pure.
* `writer` — the process that owns the files of what is recorded.
* `headless` — the same without an emulator: records a console that is played in this process.
* `fleet` — many of those at once, as Ray actors, and the catalogue of what they recorded.
* `labels` — label commands, their history, undo, and the files.

Sessions at rest: `importing`, `exporting`, `verifying`, `managing`; `analysis` of what they hold, `finding` of
variables in it, `probing` of variables in a core that plays on from it, `names` of its addresses, `suggesting` of its
labels, `replaying` and branching off, `integrating` games into stable-retro, `agreement` of the people who gave
labels, `answering` of questions about all of them; `goals` of games, and `environment` to act in them; `alarms` on
named values while recording. What carries it: `processes` — children of the daemon; `disk` — writing files safely;
`access` — keys and invitations; `bizhawk` — BizHawk found, started and watched; `machine` — browser, file limit and
address of this machine; `checking` — whether it is fit to record; `console` — the terminal; `cli` — the command line.

Here at the top: `settings` — every option, with its unit and default; `progress` — how work reports it. Shells: `bus`
owns the sockets of ZeroMQ, `background` a thread for labels, `server` wires everything, `running` runs it in a
terminal, `stopping` takes Ctrl+C and its relatives; `import_csv` is the original's name for `gbatrace import`.
"""

__all__: list[str] = []
