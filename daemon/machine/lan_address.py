"""This machine's address in its local network. Shell."""

import socket

from protocol.network_addresses import LOOPBACK

__all__ = ["lan_address"]

_ELSEWHERE = ("192.0.2.1", 9)
"""An address for documentation, RFC 5737: no machine has it."""


def lan_address() -> str:
    """Find this machine's address in its network, loopback without one.

    Nothing is sent: connecting a datagram socket only makes the system choose the way that a datagram would take.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return LOOPBACK
        return str(probe.getsockname()[0])
