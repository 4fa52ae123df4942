"""Two processes that come to share a socket, in both ways, on every system that has them."""

import asyncio
import socket
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from daemon.processes import joined_process
from daemon.processes.joined_process import Process, start_by_loopback, start_by_pair, start_joined
from protocol.network_addresses import LOOPBACK

ECHO = """
from daemon.machine.parent_socket import join
with join() as joined:
    while data := joined.recv(1000):
        joined.sendall(data.upper())
"""
COMMAND = (sys.executable, "-c", ECHO)

Start = Callable[[Sequence[str]], Coroutine[Any, Any, tuple[Process, socket.socket]]]


async def by_pair(command: Sequence[str]) -> tuple[Process, socket.socket]:
    return start_by_pair(command)


WAYS = [
    start_joined,
    start_by_loopback,
    pytest.param(by_pair, marks=pytest.mark.skipif(sys.platform == "win32", reason="a socket is no standard input")),
]


def ended(process: Process) -> int:
    with process:
        return process.wait(20)


@pytest.mark.parametrize("start", WAYS)
async def test_what_one_sends_the_other_hears_until_the_end(start: Start) -> None:
    process, ours = await start(COMMAND)
    with ours:
        ours.settimeout(20)
        ours.sendall(b"hello")
        assert await asyncio.to_thread(ours.recv, 1000) == b"HELLO"
    assert await asyncio.to_thread(ended, process) == 0


@pytest.mark.parametrize("start", WAYS)
async def test_a_program_that_is_not_there_is_said(start: Start) -> None:
    with pytest.raises(FileNotFoundError):
        await start(("gbatrace-that-is-not-there",))


async def test_a_program_that_does_not_come_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joined_process, "JOINING_PATIENCE", 0.2)
    with pytest.raises(TimeoutError):
        await start_by_loopback((sys.executable, "-c", "import time; time.sleep(60)"))


async def test_a_stranger_who_does_not_know_the_word_is_not_taken_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    strangers: list[socket.socket] = []
    serve = socket.create_server

    def serve_strangers_first(address: tuple[str, int]) -> socket.socket:
        listening = serve(address)
        for word in (b"x" * 64, b"short"):
            stranger = socket.create_connection((LOOPBACK, listening.getsockname()[1]))
            stranger.sendall(word)
            stranger.shutdown(socket.SHUT_WR)
            strangers.append(stranger)
        return listening

    monkeypatch.setattr(socket, "create_server", serve_strangers_first)
    process, ours = await start_by_loopback(COMMAND)
    with ours:
        ours.settimeout(20)
        ours.sendall(b"hello")
        assert await asyncio.to_thread(ours.recv, 1000) == b"HELLO"
    for stranger in strangers:
        stranger.settimeout(20)
        assert stranger.recv(1) == b""
        stranger.close()
    await asyncio.to_thread(ended, process)
