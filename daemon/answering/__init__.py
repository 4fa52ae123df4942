"""Answering of questions about recorded memory: the analysis process.

* `arguments` — what a question may say, checked. Pure.
* `probes` — probes, in processes of their own. Shell.
* `service` — the commands; `open_sessions` — a cache of sessions that are kept open; `searched_session` — one of them.
* `__main__` — the entry. `daemon.processes.analysis_process` starts it, and again when it dies.

What the answers are made of stands in `daemon.analysis`.
"""

__all__: list[str] = []
