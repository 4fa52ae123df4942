"""An emulator is acknowledged whatever browsers and labels do. Shown by what comes first, not by a clock."""

import asyncio
import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import psutil
import pytest
import zmq
from PIL import Image
from websocket import create_connection

from daemon.access.keys import bus_secret
from protocol.bus.messages import Request, pack_request, unpack_answer
from protocol.link.connection import Screenshot
from protocol.link.messages import Ack, Welcome
from protocol.session.layout import SessionFolder, session_folder
from tests.fakes.emulator import Emulator, emulator
from tests.fakes.game import Game, greeting
from tests.integration.running_daemon import running_daemon

PUBLICATIONS_KEPT = 5
"""For a subscriber that does not read; the system keeps some megabytes beside them."""

LARGE_SETS = 150
"""With a screenshot of a hundred kilobytes each: more than is kept for anybody."""

LABELLED = 3000
FEW = 20


@contextmanager
def page_stands_still() -> Iterator[None]:
    """Stop the page's process; its sockets stay open, and nobody reads from them."""
    [page] = [child for child in psutil.Process().children() if "webui" in child.cmdline()]
    page.suspend()
    try:
        yield
    finally:
        page.resume()


def long_session(folder: SessionFolder, sets: int) -> None:
    """Make a session of frame sets without anything in them."""
    for number in range(sets):
        folder.frame_set(number).mkdir(parents=True)
        folder.event(number).write_bytes(b"{}")
    folder.metadata.write_bytes(b"{}")


def noise() -> bytes:
    """Make a screenshot that cannot be made small."""
    buffer = io.BytesIO()
    Image.frombytes("RGB", (240, 160), Random(1).randbytes(240 * 160 * 3)).save(buffer, "PNG")
    return buffer.getvalue()


async def play(at: Emulator, game: Game, sets: int, png: bytes = b"") -> None:
    """Play frame sets one after the other, each of them acknowledged before the next begins."""
    for _ in range(sets):
        number = game.next_set
        *messages, screenshot = game.frame_set()
        reply = await at.ask(*messages, Screenshot(png) if png else screenshot)
        assert isinstance(reply, Ack)
        assert reply.set == number


async def test_nobody_waits_for_browsers_that_do_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.bus.HIGH_WATER", PUBLICATIONS_KEPT)
    with running_daemon(tmp_path, web_port=0) as endpoints:
        address = f"{endpoints.page.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket"
        with closing(create_connection(address)):
            async with emulator(endpoints.link_port) as at:
                assert isinstance(await at.ask(greeting()), Welcome)
                game = Game()
                await play(at, game, 1)
                with page_stands_still():
                    await play(at, game, LARGE_SETS, noise())


async def test_nobody_waits_for_a_label_that_concerns_thousands(tmp_path: Path) -> None:
    long_session(session_folder(tmp_path, "long"), LABELLED)
    with running_daemon(tmp_path) as endpoints, zmq.Context() as context, context.socket(zmq.DEALER) as dealer:
        dealer.linger = 0
        dealer.connect(endpoints.router)
        async with emulator(endpoints.link_port) as at:
            assert isinstance(await at.ask(greeting()), Welcome)
            game = Game()
            wish = {"session": "long", "first": 0, "last": LABELLED, "labels": {"scene": "arena"}, "who": "ann"}
            dealer.send(pack_request(Request(1, "label", {**wish, "origin": "page"}, bus_secret(tmp_path))))
            await play(at, game, FEW)
            assert not dealer.poll(0), "the label was carried out before so few sets were acknowledged"
            answer = unpack_answer(await asyncio.to_thread(dealer.recv))
            assert answer.result == {"entry": 1, "changed": LABELLED, "missing": []}
