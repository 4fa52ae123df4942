"""The link between the script and the daemon.

`connection` is one connection as the daemon sees it: `framing` cuts its bytes into payloads, `codec` reads these as
`messages`. `spool` are the files in which the script keeps messages for later.
"""

__all__: list[str] = []
