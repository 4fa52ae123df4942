"""From what an emulator says to what is to be stored.

Reading order, the pure modules first:

* `history`, `recent_sets`, `tally` — what is remembered of one session: change counts and buttons, the last frame sets,
  how many there are. Its memory is `protocol.session.memory`.
* `screenshots` — whether bytes are a screenshot.
* `assembler` — messages of the link become frame sets.
* `session` — one session from HELLO to its end: how it came to be in `session_origin`, what it wants done in `effects`,
  as jobs of the writer in `session_jobs`; `sessions` — all of them, and who may go on with which.

Shells: `recorder` carries out what sessions want, `restoring` finds the sessions that an earlier daemon left,
`session_writer` writes one without a writer beside it.
"""

__all__: list[str] = []
