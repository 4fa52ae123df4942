"""The machine that gbatrace runs on: its limits, its browser, its address, and whether all of it is fit to record.

* `findings` — what was examined, as a table. Pure.
* Shells: `doctor` examines everything that gbatrace needs; `demo_check` plays the demo game as a test of the machine;
  `browser`, `file_limit` and `lan_address` ask the system.
"""

__all__: list[str] = []
