"""Fleets: many recorders without a page, on one machine or a Ray cluster.

Read in this order:

* `plan` — which sessions a fleet records, by hours and seed; `policies` — who plays them.
* `catalogue` — the table of the sessions that are recorded.
* `schedule` — which recorder records which session, again where one died.
* `target` — the place where finished sessions go: a folder, or any file system that fsspec knows.
* `recording` — one session, recorded and handed over; `cluster` — the recorders as Ray actors.
* `screen` — progress and failures.
"""

__all__: list[str] = []
