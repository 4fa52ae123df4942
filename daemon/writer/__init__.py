"""Writer: the process that owns the files of everything that is being recorded.

The daemon's event loop decides and makes the bytes, this process waits for the disk: neither ever waits for the other's
lock on the interpreter. They are joined by one socket, on which *jobs* go one way and a *report* of each comes back, in
order for each session. The writer ends when that socket does, when it has done what had arrived: also when the daemon
was killed.

* `jobs` — the vocabulary of stored things, and how it crosses the socket. Pure.
* `session_files` — the files of one session; `recordings` — those of all sessions: a job in, a report out.
* `log_queue` — what waits for the log of changes; `change_log` — that log on disk; `set_columns` — its part of a job.
* `held_jobs` — jobs that wait because another program holds a file of their session. Pure.

It starts without numpy or anything else that takes long to load: only the log needs it, when a session is open and no
job waits. `daemon.processes.writer_process` starts the writer, and starts it again when it dies.
"""

__all__: list[str] = []
