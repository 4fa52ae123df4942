"""The processes that the daemon starts and looks after. Shells, but for the ledger.

* `child` — a child that ends when its standard input does; `web_process` — the page; `emulator_process` — the demo's.
* `writer_process` — the writer (`daemon.writer`): starts it, gives it jobs, starts it again. `joined_process` makes the
  socket between the two; `ledger` knows what was given and is not reported yet.
"""

__all__: list[str] = []
