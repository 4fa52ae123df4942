"""Invitations to the live page: a one-time link as text and as QR code. Shell."""

import sys
from urllib.parse import urlsplit

import segno

from daemon.console.terminal import Terminal
from daemon.machine.lan_address import lan_address
from protocol.network_addresses import EVERYWHERE, LOOPBACK, url_host

__all__ = ["InvitationPrinter", "firewall_hint", "invitation_link", "qr_lines"]

_QUIET_ZONE = 2
"""Modules of white around the code; cameras are content with less than the four of ISO/IEC 18004."""

_HALVES = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
"""The upper and the lower module of a character, 1 being dark, drawn in white on black."""


def invitation_link(host: str, port: int, token: str) -> str:
    """Write the link, its token behind the `#`: browsers do not send that part, logs lack it."""
    return f"http://{url_host(host)}:{port}/login#{token}"


def qr_lines(text: str) -> list[str]:
    """Draw a text as a QR code, two rows of modules in a line, for white letters on black."""
    rows = [list(row) for row in segno.make(text, error="l", micro=False).matrix_iter(border=_QUIET_ZONE)]
    if len(rows) % 2:
        rows.append([1] * len(rows[0]))
    return [
        "".join(_HALVES[upper, lower] for upper, lower in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    ]


def firewall_hint(host: str, port: int, *, windows: bool) -> str:
    """Write the advice for a link that does not open on the other device."""
    if windows:
        return (
            f"If it does not open there: let Windows' firewall allow Python on private networks (TCP port {port}), "
            f"check in Windows' settings that this network is a private one, and with `ipconfig` that {host} is this "
            "machine's address in it."
        )
    return (
        f"If it does not open there: let this machine's firewall pass TCP port {port}; "
        "both devices must be in one network."
    )


class InvitationPrinter:
    """Printer of the page's invitations.

    Args:
        terminal: where to show it.
        host: address that the page listens on.
    """

    def __init__(self, terminal: Terminal, host: str) -> None:
        self._terminal = terminal
        self._host = host
        self._port = 0
        self._waiting = ""
        self._hinted = False

    def set_page_address(self, address: str) -> None:
        """Set the page's address; an invitation that waits for it is printed now."""
        self._port = urlsplit(address).port or 0
        if self._waiting:
            self.print_invitation(self._waiting)

    def print_invitation(self, token: str) -> None:
        """Print an invitation; earlier ones no longer work."""
        if not self._port:
            self._waiting = token
            return
        host = lan_address() if self._host == EVERYWHERE else self._host
        link = invitation_link(host, self._port, token)
        if host == LOOPBACK:
            self._terminal.line("This machine is in no network: no other device can open the page.")
            return
        self._terminal.picture(qr_lines(link))
        self._terminal.block("Open the page on another device: scan this code, or type the link. It works once.", link)
        if not self._hinted:
            self._hinted = True
            self._terminal.line(firewall_hint(host, self._port, windows=sys.platform == "win32"))
