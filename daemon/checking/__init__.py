"""Checks of what records: `gbatrace doctor`, `check` and `play --check`.

* `findings` — what was examined, as a table. Pure.
* Shells: `doctor` examines everything that gbatrace needs; `session_check` judges a session whose play is known;
  `demo_check` plays the demo game for it.
"""

__all__: list[str] = []
