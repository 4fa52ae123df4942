"""Access from other machines.

`keys` — the token of the link, the keys of the bus, the secret of the page; `invitation_printer` — the page's one-time
link and its QR code.
"""

__all__: list[str] = []
