"""Sessions at rest: the original tool's logs in, session folders out, and back.

Reading order:

* `session_reader` — a session folder as values.
"""

__all__: list[str] = []
