"""Network addresses: which are this machine's own, and how they are written. Pure."""

import ipaddress
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from protocol.errors import SettingsError

__all__ = ["EVERYWHERE", "LOOPBACK", "LookUp", "is_loopback", "socket_address", "url_host"]

LookUp: TypeAlias = Callable[[str, int], Sequence[tuple[Any, ...]]]
"""`socket.getaddrinfo`."""

LOOPBACK = "127.0.0.1"

EVERYWHERE = "0.0.0.0"  # noqa: S104 - a name for it, nothing is bound here
"""Listens on every network that the machine is in."""


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach what listens on an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def url_host(host: str) -> str:
    """Write a host as it stands before a port: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def socket_address(host: str, port: int, host_option: str, look_up: LookUp) -> tuple[int, Any]:
    """Look up what to bind a socket to.

    Args:
        host: an IPv4 or IPv6 address, or a name.
        port: the port; 0 for any free one.
        host_option: the command-line option that chose the host.
        look_up: asks the system.

    Returns:
        The address family, and the address as `bind` takes it; of a name with both kinds, the IPv4 address.

    Raises:
        SettingsError: no machine has that name, and it is not an address.
    """
    try:
        found = look_up(host, port)
    except (OSError, UnicodeError, ValueError):
        raise SettingsError(
            f"No machine is called {host!r}, and it is not an address: give one of this machine with {host_option}."
        ) from None
    family, _, _, _, address = min(found, key=lambda one: ":" in one[4][0])
    return family, address
