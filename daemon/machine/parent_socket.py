"""Socket that joins a child process to the one that started it: the child's end. Shell.

On POSIX it is the child's standard input. Windows cannot hand a socket over through the launcher of a virtual
environment: there the process reads a port on loopback and a secret, connects, and sends the secret.
`daemon.processes.joined_process` is the other end.
"""

import os
import selectors
import signal
import socket
import stat
import sys

from protocol.network_addresses import LOOPBACK

__all__ = ["ignore_interrupts", "is_readable", "join"]

# Not `select`, which on POSIX refuses descriptors from 1,024 on; and nothing that the system makes anew for each wait.
_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)

_JOINING_PATIENCE = 30.0
"""Seconds for the connection to be there."""


def ignore_interrupts() -> None:
    """Ignore Ctrl+C and its relatives: the parent decides when this process ends."""
    for name in ("SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def join() -> socket.socket:
    """Return the socket that joins this process to the one that started it.

    Raises:
        OSError: there is no such process.
    """
    if sys.platform != "win32" and stat.S_ISSOCK(os.fstat(sys.stdin.fileno()).st_mode):
        return socket.socket(fileno=os.dup(sys.stdin.fileno()))
    port, _, secret = sys.stdin.readline().strip().partition(" ")
    joined = socket.create_connection((LOOPBACK, int(port)), _JOINING_PATIENCE)
    joined.settimeout(None)
    joined.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    joined.sendall(secret.encode())
    return joined


def is_readable(joined: socket.socket, patience: float) -> bool:
    """Wait until something has come, or the other end is closed; return whether it did.

    Args:
        joined: the socket.
        patience: seconds to wait; 0 to look only.
    """
    with _Selector() as selector:
        selector.register(joined, selectors.EVENT_READ)
        return bool(selector.select(patience))
