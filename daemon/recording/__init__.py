"""Recording: messages of an emulator become jobs of the writer.

Reading order, the pure modules first:

* `recent_past` — recent past of one session: change counts, buttons, the last frame sets. Its memory is
  `protocol.session.memory`.
* `assembler` — messages of the link become frame sets.
* `session_state` — identity, lifecycle and counts of one session; `effects` — what it takes and what it answers;
  `session_jobs` — jobs of the writer made of its records.
* `session` — one session from HELLO to its end; `sessions` — all of them, and which one a greeting goes on with.
* `rejections` — rate limit of the lines about connections that were rejected.

Shells: `recorder` feeds sessions and performs their effects, `restoring` finds the sessions that an earlier daemon
left. For imports and merges, `session_writer` writes a session within this process, `staging` whole or not at all.
"""

__all__: list[str] = []
