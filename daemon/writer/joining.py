"""How the writer comes to the socket that joins it to the daemon. Shell.

POSIX: its standard input is one end of a pair. Windows, where a socket cannot be handed over through the launcher of a
virtual environment: it reads from its standard input a port on loopback and a word that nobody else knows, connects,
and says the word. `daemon.processes.joined_process` is the other end.
"""

import os
import socket
import stat
import sys

from protocol.addresses import LOOPBACK

__all__ = ["join"]

_PATIENCE = 30.0


def join() -> socket.socket:
    """Return the socket that joins this process to the one that started it.

    Raises:
        OSError: there is no such process.
    """
    if sys.platform != "win32" and stat.S_ISSOCK(os.fstat(sys.stdin.fileno()).st_mode):
        return socket.socket(fileno=os.dup(sys.stdin.fileno()))
    port, _, word = sys.stdin.readline().strip().partition(" ")
    joined = socket.create_connection((LOOPBACK, int(port)), _PATIENCE)
    joined.settimeout(None)
    joined.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    joined.sendall(word.encode())
    return joined
