"""Access from other machines: keys and tokens.

`keys` — the token of the link and the keys of the bus; `page_key` — what the page signs with; `inviting` — the one-time
link and its code; `lan` — the address under which this machine is reached.
"""

__all__: list[str] = []
