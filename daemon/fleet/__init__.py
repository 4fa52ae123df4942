"""Fleets: many recorders without a page, on one machine or a Ray cluster.

Read in this order:

* `plan` — which sessions a fleet records, by hours and seed; `policies` — who plays them.
* `catalogue` — the table of the sessions that are recorded.
* `schedule` — which recorder records which session, again where one died.
* `target` — the place where finished sessions go: a folder, or any file system that fsspec knows.
* `recording` — one session, recorded and handed over; `recorders` — many of them as Ray actors; `cluster` — Ray itself.
* `screen` — progress and failures; `options` and `service` — a fleet as it is asked for.

`export_engine` exports many sessions on Ray, a task for each; `fetching` gets those that were stored as archives.
"""

__all__: list[str] = []
