"""Requests to stop: acted on at once, in order, and in the end without conditions."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from daemon import stopping
from daemon.stopping import INTERRUPTED, StopRequests, run_until_stopped
from tests.fakes.patience import PATIENCE

SOON = 5.0
"""Seconds; waiting for the next timer would take longer."""

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="a test cannot send itself Ctrl+C there"),
    pytest.mark.usefixtures("foreground"),
]


def later(action: object, seconds: float = 0.2) -> None:
    threading.Timer(seconds, action).start()  # type: ignore[arg-type]


class Work:
    """Something that runs until it is stopped, and then ends in order."""

    def __init__(self, ending: float = 0.0) -> None:
        self.ended_in_order = False
        self._ending = ending

    async def run(self) -> None:
        try:
            await asyncio.sleep(2 * PATIENCE)
        finally:
            await asyncio.sleep(self._ending)
            self.ended_in_order = True


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_work_in_order(name: str) -> None:
    work = Work(0.01)
    later(lambda: os.kill(os.getpid(), signal.Signals[name]))
    start = time.monotonic()
    run_until_stopped(work.run())
    assert work.ended_in_order
    assert time.monotonic() - start < PATIENCE


def test_work_that_is_done_needs_no_signal() -> None:
    async def nothing() -> None:
        pass

    before = signal.getsignal(signal.SIGTERM)
    run_until_stopped(nothing())
    assert signal.getsignal(signal.SIGTERM) is before
    assert signal.set_wakeup_fd(-1) == -1


def test_what_the_work_raises_is_raised() -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_until_stopped(fail())


def test_a_loop_that_no_signal_wakes_is_woken_all_the_same() -> None:
    """On Windows Ctrl+C does not bring `select` back; nor does, here, a signal that another thread was given."""
    asleep = threading.Event()
    other = threading.Thread(target=asleep.wait, daemon=True)
    other.start()
    work = Work()
    later(lambda: signal.pthread_kill(other.ident or 0, signal.SIGINT))
    start = time.monotonic()
    run_until_stopped(work.run())
    asleep.set()
    assert work.ended_in_order
    assert time.monotonic() - start < SOON


def test_a_second_request_does_not_wait_for_the_orderly_end() -> None:
    work = Work(2 * PATIENCE)
    for seconds in (0.2, 0.5):
        later(lambda: os.kill(os.getpid(), signal.SIGTERM), seconds)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_until_stopped(work.run())
    assert time.monotonic() - start < PATIENCE


HANGS = """
import asyncio, time
from daemon.stopping import run_until_stopped

async def hang():
    print("begun", flush=True)
    while True:
        try:
            time.sleep(1000)
        except KeyboardInterrupt:
            pass

run_until_stopped(hang())
"""


def test_a_third_request_ends_the_process_whatever_hangs() -> None:
    with subprocess.Popen([sys.executable, "-c", HANGS], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        for _ in range(3):
            process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
        assert process.wait(PATIENCE) == INTERRUPTED


def test_a_signal_before_the_work_begins_keeps_it_from_beginning() -> None:
    begun: list[bool] = []

    async def work() -> None:
        begun.append(True)

    with asyncio.Runner() as runner, StopRequests(runner.get_loop()) as requests:
        requests.request()
        runner.run(requests.cancel_on_request(work()))
    assert begun == []


def test_signals_that_the_user_had_ignored_stay_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        work = Work()
        later(lambda: os.kill(os.getpid(), signal.SIGHUP), 0.1)
        later(lambda: os.kill(os.getpid(), signal.SIGTERM), 0.6)
        start = time.monotonic()
        run_until_stopped(work.run())
        assert time.monotonic() - start >= 0.5
    finally:
        signal.signal(signal.SIGHUP, before)


class TestTheWindowIsClosed:
    """Windows calls us in a thread of its own, and ends the process when that returns."""

    def test_it_is_held_up_until_the_work_has_ended_in_order(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stopping, "CLOSING_PATIENCE", PATIENCE)
        work = Work(0.3)
        returned: list[bool] = []
        with asyncio.Runner() as runner, StopRequests(runner.get_loop()) as requests:

            def close() -> None:
                requests.window_closed()
                returned.append(work.ended_in_order)

            later(close)
            runner.run(requests.cancel_on_request(work.run()))
            assert returned == []
        deadline = time.monotonic() + PATIENCE
        while not returned and time.monotonic() < deadline:
            time.sleep(0.01)
        assert returned == [True]

    def test_it_returns_before_the_handlers_are_given_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Windows runs us within the lock that giving a handler back takes."""
        monkeypatch.setattr(stopping, "CLOSING_PATIENCE", 2 * PATIENCE)
        in_handler = threading.Lock()
        given_back: list[bool] = []

        @contextmanager
        def closing_calls(_closed: object) -> Iterator[None]:
            yield
            given_back.append(in_handler.acquire(timeout=PATIENCE))

        monkeypatch.setattr(stopping, "_closing_calls", closing_calls)
        work = Work()
        with asyncio.Runner() as runner, StopRequests(runner.get_loop()) as requests:

            def close() -> None:
                with in_handler:
                    requests.window_closed()

            later(close)
            runner.run(requests.cancel_on_request(work.run()))
        assert given_back == [True]

    def test_but_not_for_longer_than_windows_allows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stopping, "CLOSING_PATIENCE", 0.1)
        with asyncio.Runner() as runner, StopRequests(runner.get_loop()) as requests:
            requests.window_closed()
        assert stopping.CLOSING_PATIENCE < 5
