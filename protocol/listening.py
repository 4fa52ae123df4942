"""Listening sockets, each port for one program alone. Shell.

The socket module, or gevent's, is passed in.
"""

import sys
from typing import Any

from protocol.errors import cannot_listen
from protocol.network_addresses import socket_address

__all__ = ["BACKLOG", "listening_socket"]

BACKLOG = 512
"""Connections that the system keeps for us until we take them; an emulator waits a second for a place in a full one."""


def listening_socket(net: Any, purpose: str, host: str, port: int, option: str, host_option: str) -> Any:
    """Listen on a port.

    Args:
        net: `socket` or `gevent.socket`.
        purpose: what the port is for, in a player's words.
        host: the address.
        port: the port; 0 takes any free one.
        option: the command-line option that chooses another port.
        host_option: the one that chooses another address.

    Returns:
        A socket of that module.

    Raises:
        UserError: the system does not let us; the sentence says why.
    """
    family, address = socket_address(host, port, host_option, net.getaddrinfo)
    listening = net.socket(family, net.SOCK_STREAM)
    try:
        # Windows shares a port that is in use unless told not to; elsewhere the option only frees one in TIME_WAIT.
        alone = net.SO_EXCLUSIVEADDRUSE if sys.platform == "win32" else net.SO_REUSEADDR
        listening.setsockopt(net.SOL_SOCKET, alone, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise cannot_listen(error.errno, purpose, host, port, option, host_option) from None
    return listening
