"""Child process joined to us by a socket; `daemon.machine.parent_socket` is its end. Shell."""

import asyncio
import contextlib
import hmac
import secrets
import socket
import subprocess
import sys
from collections.abc import Sequence

from daemon.processes.child import child_options
from protocol.network_addresses import LOOPBACK

__all__ = ["JOINING_PATIENCE", "Process", "end_process", "start_by_loopback", "start_by_pair", "start_joined"]

JOINING_PATIENCE = 30.0
"""Seconds in which a process that was started must have connected."""

_SECRET_BYTES = 32
_SECRET_LETTERS = len(secrets.token_hex(_SECRET_BYTES))

Process = subprocess.Popen[bytes]


async def start_joined(command: Sequence[str]) -> tuple[Process, socket.socket]:
    """Start a process that joins us.

    Neither Ctrl+C nor the closing of the terminal's window reaches it.

    Returns:
        The process, and our end of the socket.

    Raises:
        OSError: it cannot be started or did not connect; it does not run then.
    """
    if sys.platform == "win32":
        return await start_by_loopback(command)
    return start_by_pair(command)


def start_by_pair(command: Sequence[str]) -> tuple[Process, socket.socket]:
    """Start a process whose standard input is the other end of a pair of sockets.

    Raises:
        OSError: it cannot be started.
    """
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            return _start(command, theirs.fileno()), ours
    except BaseException:
        ours.close()
        raise


async def start_by_loopback(command: Sequence[str]) -> tuple[Process, socket.socket]:
    """Start a process that connects to us.

    Raises:
        OSError: it cannot be started or did not connect; it does not run then.
    """
    secret = secrets.token_hex(_SECRET_BYTES)
    with socket.create_server((LOOPBACK, 0)) as listening:
        listening.setblocking(False)  # noqa: FBT003 - the socket module's own signature
        process = _start(command, subprocess.PIPE)
        try:
            assert process.stdin is not None  # noqa: S101 - it was asked for
            with process.stdin as line:
                line.write(f"{listening.getsockname()[1]} {secret}\n".encode())
            async with asyncio.timeout(JOINING_PATIENCE):
                return process, await _joining(secret, listening)
        except BaseException:
            with process:
                process.kill()
            raise


def end_process(process: Process, patience: float) -> str:
    """Wait for the end of a process for `patience` seconds, then bring it about. Blocks.

    Returns:
        How it ended: the last line that it wrote, or its exit code.
    """
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    process.kill()
    with process:
        assert process.stderr is not None  # noqa: S101 - it was asked for
        output = process.stderr.read().decode("utf-8", "replace").strip()
    return output.splitlines()[-1] if output else f"code {process.returncode}"


def _start(command: Sequence[str], stdin: int) -> Process:
    return subprocess.Popen(  # noqa: S603 - the command is ours
        list(command),
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        **child_options(),
    )


async def _joining(secret: str, listening: socket.socket) -> socket.socket:
    """Wait for the connection that sends the secret; others are closed."""
    loop = asyncio.get_running_loop()
    while True:
        joined, _ = await loop.sock_accept(listening)
        joined.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sent = b""
        with contextlib.suppress(OSError):
            while len(sent) < _SECRET_LETTERS and (more := await loop.sock_recv(joined, _SECRET_LETTERS - len(sent))):
                sent += more
        if hmac.compare_digest(sent, secret.encode()):
            return joined
        joined.close()
