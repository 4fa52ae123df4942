"""Checks of what records: `gbatrace doctor`, `check` and `play --check`.

* `results` — results of checks, as a table. Pure.
* Shells: `doctor` examines everything that gbatrace needs; `session_check` judges a session whose play is known;
  `demo_check` describes the play of the demo game for it, and asks the live page.
"""

__all__: list[str] = []
