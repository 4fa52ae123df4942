"""The headless recorder: a play of a console in this process becomes a session.

No emulator, script, socket, page or child process takes part. Memory is scanned as `lua/scan` scans it, the messages go
to the same state machine as the link's (`daemon/recording/session.py`), and its jobs to the same files
(`daemon/writer/recordings.py`): a session equals the one that the live way records of the same buttons.

Reading order: `scanner` (memory becomes the messages of a frame; pure), `direct_session` (a session with its files in
this process), `recorder` (both of them, for a console that somebody plays), `cut_off` (sessions of processes that were
killed).
"""

__all__: list[str] = []
