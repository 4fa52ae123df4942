"""Questions about memory: what is not ready is asked for again, and nothing else is."""

from collections.abc import Mapping
from typing import Any

import pytest

from webui.errors import BusError, CommandError
from webui.live import memory_questions
from webui.live.memory_questions import MemoryQuestions

BUSY = CommandError("BusyError", "It is being read: ask again in a moment.")


class Daemon:
    """The daemon's answers in order, the last one again and again."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, Mapping[str, Any], float]] = []

    def ask(self, command: str, arguments: Mapping[str, Any], patience: float) -> Any:
        self.asked.append((command, arguments, patience))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_questions, "_PAUSE", 0.01)


def test_what_is_not_ready_is_asked_for_again() -> None:
    daemon = Daemon(BUSY, BUSY, {"left": 3})
    assert MemoryQuestions(daemon.ask).answer("search", "run", {"where": []}) == {"left": 3}
    assert [(command, arguments) for command, arguments, _ in daemon.asked] == [
        ("search", {"where": [], "session": "run"})
    ] * 3


def test_but_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_questions, "_PATIENCE", 0.2)
    daemon = Daemon(BUSY)
    with pytest.raises(CommandError, match="ask again in a moment"):
        MemoryQuestions(daemon.ask).answer("search", "run", {})
    assert len(daemon.asked) > 1
    assert all(patience <= 0.2 for _, _, patience in daemon.asked)


@pytest.mark.parametrize("error", [CommandError("MomentError", "No."), BusError("The daemon does not answer.")])
def test_other_refusals_are_final(error: Exception) -> None:
    daemon = Daemon(error)
    with pytest.raises(type(error)):
        MemoryQuestions(daemon.ask).answer("memory", "run", {})
    assert len(daemon.asked) == 1
