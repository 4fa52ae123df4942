"""The single owner of the disk."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from queue import Queue
from typing import Any

import pytest

from daemon.store import Store
from protocol.errors import DiskFullError, GbatraceError, StoreError

Callback = Callable[[], None]


class Desk:
    """A store and the event loop's end of it, turned by hand."""

    def __init__(self) -> None:
        self.reports: Queue[Callback] = Queue()
        self.store = Store(self.reports.put)
        self.told: list[Any] = []

    def record(self, name: str, job: Callback = lambda: None) -> None:
        self.store.record(job, lambda error: self.told.append((name, error)))

    def hear(self, count: int) -> list[Any]:
        """Take `count` reports, and return all that was told so far."""
        for _ in range(count):
            self.reports.get(timeout=5)()
        return self.told


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A store that is closed at the end."""
    desk = Desk()
    yield desk
    if desk.store._thread.is_alive():
        desk.store.close()


def fail(error: Exception) -> Callback:
    def job() -> None:
        raise error

    return job


def until(gate: threading.Event) -> Callback:
    def job() -> None:
        gate.wait(5)

    return job


class TestRecording:
    def test_jobs_are_done_in_order(self, desk: Desk) -> None:
        done: list[int] = []
        for number in range(50):
            desk.record(str(number), lambda number=number: done.append(number))  # type: ignore[misc]
        assert [name for name, _ in desk.hear(50)] == [str(number) for number in range(50)]
        assert done == list(range(50))

    def test_jobs_are_done_on_one_thread_and_told_on_ours(self, desk: Desk) -> None:
        threads: list[str] = []
        for name in "ab":
            desk.record(name, lambda: threads.append(threading.current_thread().name))
        desk.store.record(lambda: None, lambda _error: threads.append(threading.current_thread().name))
        desk.hear(3)
        assert threads == ["store", "store", "MainThread"]

    def test_what_the_disk_refused_is_told(self, desk: Desk) -> None:
        error = DiskFullError("full")
        desk.record("set", fail(error))
        desk.record("next")
        assert desk.hear(2) == [("set", error), ("next", None)]

    def test_a_fault_of_ours_is_told_and_the_thread_lives(self, desk: Desk) -> None:
        desk.record("set", fail(ZeroDivisionError("division by zero")))
        desk.record("next")
        (_, error), following = desk.hear(2)
        assert isinstance(error, StoreError)
        assert "its own fault: ZeroDivisionError('division by zero')" in str(error)
        assert following == ("next", None)


class TestBackground:
    def test_recording_comes_first(self, desk: Desk) -> None:
        order: list[str] = []
        busy = threading.Event()
        desk.record("slow", until(busy))
        loop = asyncio.new_event_loop()

        async def label(name: str) -> None:
            await desk.store.background(lambda: order.append(name))

        tasks = [loop.create_task(label(name)) for name in ("label 1", "label 2")]
        loop.run_until_complete(asyncio.sleep(0))
        for name in ("set 1", "set 2"):
            desk.record(name, lambda name=name: order.append(name))  # type: ignore[misc]
        busy.set()
        desk.hear(5)
        loop.run_until_complete(asyncio.gather(*tasks))
        loop.close()
        assert order == ["set 1", "set 2", "label 1", "label 2"]

    async def test_it_returns_what_the_job_returned(self) -> None:
        store = Store(asyncio.get_running_loop().call_soon_threadsafe)
        assert await store.background(lambda: 6 * 7) == 42
        await asyncio.to_thread(store.close)

    @pytest.mark.parametrize("error", [StoreError("no"), GbatraceError("no"), ValueError("no")])
    async def test_it_raises_what_the_job_raised(self, error: Exception) -> None:
        store = Store(asyncio.get_running_loop().call_soon_threadsafe)
        with pytest.raises(GbatraceError, match="no"):
            await store.background(fail(error))
        await asyncio.to_thread(store.close)

    async def test_nobody_needs_to_wait_for_it(self) -> None:
        store = Store(asyncio.get_running_loop().call_soon_threadsafe)
        waiting = asyncio.create_task(store.background(lambda: None))
        await asyncio.sleep(0)
        waiting.cancel()
        assert await store.background(lambda: "next") == "next"
        await asyncio.to_thread(store.close)


class TestClosing:
    def test_everything_that_is_queued_is_done_first(self, desk: Desk) -> None:
        gate = threading.Event()
        desk.record("slow", until(gate))
        for number in range(10):
            desk.record(str(number))
        threading.Timer(0.02, gate.set).start()
        desk.store.close()
        assert len(desk.hear(11)) == 11

    def test_nothing_is_taken_after_it(self, desk: Desk) -> None:
        desk.store.close()
        with pytest.raises(StoreError, match="The store is closed"):
            desk.record("late")
