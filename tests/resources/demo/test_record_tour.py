"""Recording the tour again gives the tour that is kept."""

import pytest

import resources
from tests.resources.demo.console import DemoConsole
from tests.resources.demo.record_tour import Recorder, record


def test_what_is_recorded_is_what_is_kept() -> None:
    with DemoConsole() as console:
        assert record(console) == resources.demo_tour().read_text(encoding="utf-8")


def test_an_attempt_that_fails_is_forgotten() -> None:
    with DemoConsole() as console:
        recorder = Recorder(console)

        def hold_longer(number: int) -> bool:
            recorder.hold("A", 1 + number)
            return number == 2

        recorder.wait(10)
        recorder.attempt(hold_longer)
        recorder.wait(1)
        assert console.frames == 14
        assert recorder.text().endswith("10 A\n13 None\n")


def test_waiting_for_what_never_comes_ends() -> None:
    with DemoConsole() as console:
        recorder = Recorder(console)
        with pytest.raises(TimeoutError, match="start_menu"):
            recorder.wait_for(lambda: False)
