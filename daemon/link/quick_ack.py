"""Quick acknowledgement: no delayed ACK for what an emulator sends. Shell.

BizHawk leaves Nagle's algorithm on: its socket holds a small send back until the one before it was acknowledged, and
systems delay acknowledgements by 40 ms (Linux) to 200 ms (Windows) when they have nothing to send. Together the two
made frame sets arrive 17 ms late at the median, and would keep the emulator waiting for its reply.
"""

import contextlib
import ctypes
import socket
import sys

__all__ = ["acknowledge_at_once", "acknowledge_every_segment"]

_TCP_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)

_SIO_TCP_SET_ACK_FREQUENCY = 0x98000017
"""`WSAIoctl` code of Windows 10 and later (mstcpip.h): acknowledge every n-th segment."""


def acknowledge_every_segment(connection: socket.socket) -> bool:
    """Turn delayed ACKs off on a fresh connection, on Windows; elsewhere this does nothing.

    Returns:
        False where Windows refused: then it acknowledges late, and an emulator waits up to 200 ms for a reply.
    """
    if sys.platform == "win32":
        every, written = ctypes.c_int(1), ctypes.c_ulong()
        try:
            refused = ctypes.windll.ws2_32.WSAIoctl(
                ctypes.c_size_t(connection.fileno()),
                ctypes.c_ulong(_SIO_TCP_SET_ACK_FREQUENCY),
                ctypes.byref(every),
                ctypes.c_ulong(ctypes.sizeof(every)),
                None,
                ctypes.c_ulong(0),
                ctypes.byref(written),
                None,
                None,
            )
        except (OSError, AttributeError):
            return False
        return bool(refused == 0)
    return True


def acknowledge_at_once(connection: socket.socket) -> None:
    """Turn delayed ACKs off, on Linux, with every receipt; elsewhere this does nothing."""
    if _TCP_QUICKACK is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, _TCP_QUICKACK, 1)
