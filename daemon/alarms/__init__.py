"""Alarms: conditions on watched values that drop a mark or give a label while recording.

* `evaluation` — the conditions of a session against each stored frame set. Pure; `daemon.analysis.alarm_rules` reads
  them.
* `service` — brings the alarms of the books of names to the sessions that are being recorded. Shell.
"""

__all__: list[str] = []
