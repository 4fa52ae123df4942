"""Labels: edits of frame sets' annotations, their history, and what is latched.

* `commands` — what a label command says. Pure.
* `history` — what was done, by whom, and what undo and redo would do. Pure.
* `writer` — the files: one frame set at a time, so that recording is never kept waiting. On a thread.
* `desk` — answers the label commands of the bus.
"""

__all__: list[str] = []
