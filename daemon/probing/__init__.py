"""Probe and poke: play on from a moment of a recording, and compare memories.

It plays in a core of its own and never touches the game that anybody plays. Reading order:

* Pure: `request` (what is asked and answered), `replay_path` (the way from power-on to a moment), `moments` (moments in
  which a game answers to its buttons), `console_runs` (memory after each of several plays from one savestate),
  `axis_comparison`, `cursor_comparison`, `poke_comparison`.
* Shells: `rom_search` (the ROM of a session), `savestates` (cache on disk), `played_session` (a session played again in
  `daemon/processes/console_process.py`), `service` (all of it together), `__main__` (a process for one request).

Probe: plays from one savestate with different buttons. Poke: the same buttons with another value written before.
Source: the variable itself. Copy: what the game writes anew from the source.
"""

__all__: list[str] = []
