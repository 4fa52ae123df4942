"""Which addresses are this machine's own, and under which one other devices find it."""

import ipaddress
import socket

__all__ = ["EVERYWHERE", "LOOPBACK", "is_loopback", "lan_address"]

LOOPBACK = "127.0.0.1"

EVERYWHERE = "0.0.0.0"  # noqa: S104 - a name for it, nothing is bound here
"""Listens on every network that the machine is in."""

_ELSEWHERE = ("192.0.2.1", 9)
"""An address for documentation, RFC 5737: no machine has it."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def lan_address() -> str:
    """Find the address under which this machine's network knows it; loopback where there is no network.

    Nothing is sent: connecting a datagram socket only makes the system choose the way that a datagram would take.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return LOOPBACK
        return str(probe.getsockname()[0])
