"""Sockets that listen, each port for one program alone. Shell."""

import socket
import sys

from protocol.addresses import socket_address
from protocol.errors import cannot_listen

__all__ = ["BACKLOG", "listening_socket"]

BACKLOG = 512
"""Connections that the system keeps for us until we take them; an emulator waits a second for a place in a full one."""


def listening_socket(purpose: str, host: str, port: int, option: str, host_option: str) -> socket.socket:
    """Listen on a port.

    Args:
        purpose: what the port is for, in a player's words.
        host: the address.
        port: the port; 0 takes any free one.
        option: the command-line option that chooses another port.
        host_option: the one that chooses another address.

    Raises:
        UserError: the system does not let us; the sentence says why.
    """
    family, address = socket_address(host, port, host_option, socket.getaddrinfo)
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # Without it a second daemon could share the port unseen.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise cannot_listen(error.errno, purpose, host, port, option, host_option) from None
    return listening
