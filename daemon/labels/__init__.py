"""Labels: edits of frame sets' annotations, their history, and what is latched.

* `commands` — label commands: parsing and checks. Pure.
* `history` — who did what, undo and redo. Pure.
* `writer` — the label files of a session. On a thread.
* `session_labels` — one session's edits, one after the other.
* `label_sets` — the options of the fields, in a file for each label set.
* `service` — the label commands of the bus, for any session.
"""

__all__: list[str] = []
