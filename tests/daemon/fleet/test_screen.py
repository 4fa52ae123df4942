import pytest
from rich.console import Console

from daemon.fleet.plan import PlannedSession
from daemon.fleet.schedule import Schedule
from daemon.fleet.screen import FleetScreen, fleet_picture


def schedule(sessions: int) -> Schedule:
    return Schedule([PlannedSession(number, f"run-{number}", number, 1000) for number in range(sessions)], ["run-0"])


def drawn(state: Schedule, speed: float = 100) -> str:
    console = Console(width=160)
    with console.capture() as capture:
        console.print(fleet_picture(state, 65, speed))
    return capture.get()


def test_recorders_progress_and_failures_stand_on_one_screen() -> None:
    state = schedule(4)
    for worker in ("one", "two"):
        state.assign(worker, 0)
    state.advance("one", 500)
    state.lose("two", "The recorder died.")
    text = drawn(state)
    assert "1 of 4 sessions stored" in text
    assert "100 frames/s, 2 times real time" in text
    assert "0:25 left" in text
    assert "one" in text
    assert " 50%" in text
    assert "1:05" in text
    assert "run-2 begun again: The recorder died." in text


def test_a_large_fleet_is_cut() -> None:
    state = schedule(30)
    for number in range(20):
        state.assign(f"recorder-{number}", 0)
    assert "and 4 recorders more" in drawn(state, 0)


def test_where_there_is_no_terminal_only_failures_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    state = schedule(3)
    with FleetScreen(shown=True) as screen:
        screen.show(state)
        state.assign("one", 0)
        state.give_up("one", "The policy failed.")
        screen.show(state)
        screen.show(state)
    assert capsys.readouterr().err == "run-1 given up: The policy failed.\n"
