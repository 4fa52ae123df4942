"""Processes that the daemon starts and supervises. Shells, but for `writer_queue`.

* `child` — a child that ends when its standard input does; `web_process` — the page; `emulator_process` — the demo's.
* `writer_process` — the writer (`daemon.writer`): starts it, gives it jobs, starts it again. `joined_process` makes the
  socket between the two; `writer_queue` keeps each job until it is reported.
"""

__all__: list[str] = []
