"""Processes that the daemon starts and supervises. Shells, but for questions and queues.

* `child` — a child that ends when its standard input does; `web_process` — the page; `emulator_process` — the demo's.
* `console_process` — a game in a core of its own, played frame by frame for a probe.
* `writer_process` — the writer (`daemon.writer`): starts it, gives it jobs, starts it again. `joined_process` makes the
  socket between the two; `writer_queue` keeps each job until it is reported.
* `analysis_process` — the analysis (`daemon.answering`): starts it when it is needed, asks again when it dies;
  `question_queue` keeps each question until it is answered, `questions` has their bytes.
"""

__all__: list[str] = []
