"""Sessions at rest: the original tool's logs in, session folders out, and back.

Reading order:

* `session_reader` — a session folder as values.
* `exporters` — the formats that sessions go out in: a port, and where its adapters are found.
"""

__all__: list[str] = []
