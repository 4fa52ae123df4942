"""Questions about memory while a game is recorded: the process that answers them may be killed or hang.

Shown by answers and by acknowledgements: those of a control, measured in turns in the same run, are no faster.
"""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import zmq
import zmq.asyncio

from daemon.access.keys import bus_secret
from protocol.bus.messages import Answer, Request, pack_request, unpack_answer
from protocol.link.messages import Ack, Welcome
from tests.fakes.emulator import Emulator, emulator
from tests.fakes.game import Game, greeting
from tests.fakes.patience import until
from tests.integration.running_daemon import running_daemon

TURNS = 3
SETS = 25
"""Frame sets of a turn."""

SLACK = 0.02
"""Seconds by which a turn's median may differ from the control's: far less than a frame set, far more than chance."""


class Play:
    """A game that is recorded by a real daemon, and questions about it over the bus."""

    def __init__(self, data: Path, at: Emulator, dealer: "zmq.asyncio.Socket", session: str) -> None:
        self.session = session
        self.game = Game()
        self._secret = bus_secret(data)
        self._at = at
        self._dealer = dealer
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Answer]] = {}

    async def sets(self, count: int) -> list[float]:
        """Play frame sets; returns the seconds until each was acknowledged."""
        spent = []
        for _ in range(count):
            number, messages = self.game.next_set, self.game.frame_set()
            start = time.perf_counter()
            reply = await self._at.ask(*messages)
            spent.append(time.perf_counter() - start)
            assert isinstance(reply, Ack)
            assert reply.set == number
        return spent

    def asking(self, command: str, **arguments: Any) -> "asyncio.Future[Answer]":
        """Send a question; returns the future of its answer."""
        number = next(self._ids)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        data = pack_request(Request(number, command, {"session": self.session, **arguments}, self._secret))
        sending: Awaitable[Any] = self._dealer.send(data)
        self._sent = asyncio.ensure_future(sending)
        return answer

    async def take_answers(self) -> None:
        while True:
            answer = unpack_answer(await self._dealer.recv())
            self._waiting.pop(answer.id).set_result(answer)

    def memory_is_right(self, answer: Answer) -> bool:
        """Return whether an answer to `memory` is the game's memory after the last set."""
        return bool(answer.error is None and answer.result["image"] == self.game.image())


def analysis() -> psutil.Process | None:
    """Return the analysis process, if it runs."""
    for child in psutil.Process().children():
        with suppress(psutil.Error):
            if "daemon.answering" in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE:
                return child
    return None


@asynccontextmanager
async def playing(data: Path) -> AsyncIterator[Play]:
    context = zmq.asyncio.Context()
    dealer = context.socket(zmq.DEALER)
    try:
        with running_daemon(data) as endpoints:
            dealer.linger = 0
            dealer.connect(endpoints.router)
            async with emulator(endpoints.link_port) as at:
                welcome = await at.ask(greeting())
                assert isinstance(welcome, Welcome)
                play = Play(data, at, dealer, welcome.session)
                taking = asyncio.create_task(play.take_answers())
                await play.sets(5)
                yield play
                taking.cancel()
    finally:
        dealer.close()
        context.term()


async def test_an_answer_has_all_that_was_acknowledged_before_it_was_asked_for(tmp_path: Path) -> None:
    async with playing(tmp_path) as play:
        for _ in range(5):
            answer = await play.asking("memory")
            assert answer.error is None
            assert answer.result["number"] == play.game.next_set - 1
            assert play.memory_is_right(answer)
            await play.sets(7)


async def test_killed_during_a_question_it_answers_that_and_the_next(tmp_path: Path) -> None:
    async with playing(tmp_path) as play:
        assert play.memory_is_right(await play.asking("memory"))
        for _ in range(3):
            await until(analysis)
            process = analysis()
            assert process is not None
            process.suspend()  # So that it has the question when it dies.
            asked = [play.asking("memory"), play.asking("search", where=[{"filter": "changed"}])]
            await asyncio.sleep(0.1)
            process.kill()
            memory, search = [await one for one in asked]
            assert play.memory_is_right(memory)
            assert search.error is None
            assert search.result["left"] > 0
            await play.sets(3)


async def turn(play: Play, begins: Callable[[], None], ends: Callable[[], None]) -> list[float]:
    begins()
    asked = [play.asking("memory"), play.asking("search", where=[{"filter": "changed"}])]
    spent = await play.sets(SETS)
    ends()
    for one in asked:
        assert (await one).error is None
    return spent


async def test_acknowledgements_are_the_same_whether_it_hangs_or_dies(tmp_path: Path) -> None:
    def suspend() -> None:
        if (process := analysis()) is not None:
            process.suspend()

    def resume() -> None:
        if (process := analysis()) is not None:
            process.resume()

    def kill() -> None:
        if (process := analysis()) is not None:
            process.kill()

    async with playing(tmp_path) as play:
        await play.asking("memory")
        spent: dict[str, list[float]] = {"control": [], "hangs": [], "dies": []}
        for _ in range(TURNS):
            spent["control"] += await play.sets(SETS)
            spent["hangs"] += await turn(play, suspend, resume)
            spent["dies"] += await turn(play, kill, lambda: None)
        assert play.memory_is_right(await play.asking("memory"))
    medians = {kind: median(times) for kind, times in spent.items()}
    assert medians["hangs"] < 2 * medians["control"] + SLACK, medians
    assert medians["dies"] < 2 * medians["control"] + SLACK, medians
