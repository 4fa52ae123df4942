"""Replay of recorded sessions, and branches off them.

A session holds the buttons of every frame and how it starts: at power-on, or with a savestate that lies in its folder.
So it can be played again in the stand-in's core, and its recorded memory proves that it goes the same way.

Reading order: `recorded_memory` (memory after each frame set; pure), `replayed_memory` (the same of a console that
plays; pure), `result` (what came of it; pure), `replay` (a whole session is played again and compared), `branch`
(other buttons are pressed from a frame set on, and recorded as a session). The way to a frame set is
`daemon/probing/replay_path.py`, which probes take too.
"""

__all__: list[str] = []
