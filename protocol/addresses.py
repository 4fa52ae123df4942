"""Which addresses are this machine's own. Pure."""

import ipaddress

__all__ = ["EVERYWHERE", "LOOPBACK", "is_loopback"]

LOOPBACK = "127.0.0.1"

EVERYWHERE = "0.0.0.0"  # noqa: S104 - a name for it, nothing is bound here
"""Listens on every network that the machine is in."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
