"""A free port that no other program is given, for a server that must have the same one after each start."""

import random
import socket

__all__ = ["free_port"]

_NEVER_HANDED_OUT = range(10_000, 32_000)
"""Ports below those that Linux (from 32768) and Windows (from 49152) give to whoever asks for any port."""

_CHOICE = random.SystemRandom()
"""Tests that run side by side choose differently, also where a seed is set."""


def free_port() -> int:
    """Return a TCP port of the loopback that is free now and stays so.

    A port that the system hands out may be handed out again before the server binds it, even to
    another port of the same server.
    """
    while True:
        port = _CHOICE.choice(_NEVER_HANDED_OUT)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
