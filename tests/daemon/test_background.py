"""Small jobs that no emulator waits for."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from daemon.background import Background
from protocol import held_files
from protocol.errors import FileHeldError, GbatraceError, StoreError


@pytest.fixture
def background() -> Iterator[Background]:
    """A thread that is ended at the end."""
    background = Background()
    yield background
    background.close()


def fail(error: Exception) -> Callable[[], None]:
    def job() -> None:
        raise error

    return job


async def test_it_returns_what_the_job_returned(background: Background) -> None:
    assert await background.run(lambda: 6 * 7) == 42


async def test_jobs_are_done_in_order_on_one_thread(background: Background) -> None:
    done: list[tuple[int, str]] = []

    def job(number: int) -> Callable[[], None]:
        return lambda: done.append((number, threading.current_thread().name))

    await asyncio.gather(*(background.run(job(number)) for number in range(50)))
    assert done == [(number, "background_0") for number in range(50)]


@pytest.mark.parametrize("error", [StoreError("no"), GbatraceError("no"), ValueError("no")])
async def test_it_raises_what_the_job_raised_and_lives(background: Background, error: Exception) -> None:
    with pytest.raises(GbatraceError, match="no"):
        await background.run(fail(error))
    assert await background.run(lambda: "next") == "next"


async def test_a_fault_of_ours_is_said_to_be_one(background: Background) -> None:
    with pytest.raises(StoreError, match=r"its own fault: ZeroDivisionError\('division by zero'\)"):
        await background.run(fail(ZeroDivisionError("division by zero")))


async def test_nobody_needs_to_wait_for_it(background: Background) -> None:
    gate = threading.Event()
    waiting = asyncio.create_task(background.run(lambda: gate.wait(5)))
    await asyncio.sleep(0)
    waiting.cancel()
    gate.set()
    assert await background.run(lambda: "next") == "next"


async def test_everything_that_is_queued_is_done_before_it_ends() -> None:
    background, gate, done = Background(), threading.Event(), list[int]()
    slow = asyncio.create_task(background.run(lambda: gate.wait(5)))
    rest = [asyncio.create_task(background.run(lambda n=n: done.append(n))) for n in range(10)]  # type: ignore[misc]
    await asyncio.sleep(0)
    threading.Timer(0.02, gate.set).start()
    await asyncio.to_thread(background.close)
    assert done == list(range(10))
    await asyncio.gather(slow, *rest)


async def test_nothing_is_taken_after_it() -> None:
    background = Background()
    background.close()
    with pytest.raises(StoreError, match="The daemon is ending"):
        await background.run(lambda: None)


class TestAFileIsHeld:
    """By another program, as Windows has it."""

    @pytest.fixture
    def held(self) -> Callable[[], str]:
        """A job whose file is held when it is first run."""
        tries: list[str] = []

        def job() -> str:
            tries.append("a try")
            if len(tries) == 1:
                raise FileHeldError("held")
            return "done"

        return job

    async def test_others_are_done_meanwhile(self, background: Background, held: Callable[[], str]) -> None:
        done: list[str] = []

        async def run(job: Callable[[], str]) -> None:
            done.append(await background.run(job))

        await asyncio.gather(run(held), run(lambda: "another"))
        assert done == ["another", "done"]

    async def test_what_cannot_be_repeated_fails_at_once(self, background: Background, held: Callable[[], str]) -> None:
        with pytest.raises(FileHeldError):
            await background.run(held, repeatable=False)

    async def test_patience_has_an_end(self, background: Background, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(held_files, "HOLD_PATIENCE", 0.05)
        with pytest.raises(FileHeldError, match="for ever"):
            await background.run(fail(FileHeldError("for ever")))
