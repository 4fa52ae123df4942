"""Questions about memory: what is not ready is asked for again, and nothing else is."""

from collections.abc import Mapping
from typing import Any

import gevent
import pytest

from protocol.errors import BusyError
from webui.errors import BrowserGoneError, BusError, CommandError
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


def test_questions_of_browsers_that_went_away_hold_no_other_back() -> None:
    asked: list[str] = []

    def ask(command: str, _arguments: Mapping[str, Any], _patience: float) -> str:
        asked.append(command)
        gevent.sleep(0.05)
        return command

    questions = MemoryQuestions(ask)
    has_gone: list[bool] = []
    those = [
        gevent.spawn(questions.answer, f"gone {number}", "run", {}, lambda: bool(has_gone)) for number in range(30)
    ]
    gevent.sleep(0)
    has_gone.append(True)
    assert questions.answer("there", "run", {}) == "there"
    gevent.joinall(those)
    assert len(asked) <= 5
    assert {type(each.exception) for each in those} == {type(None), BrowserGoneError}


def test_one_that_waits_too_long_behind_others_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_questions, "_PATIENCE", 0.05)
    questions = MemoryQuestions(lambda _command, _arguments, _patience: gevent.sleep(0.3))
    others = [gevent.spawn(questions.answer, "search", "run", {}) for _ in range(4)]
    gevent.sleep(0)
    with pytest.raises(BusyError, match="ask again in a moment"):
        questions.answer("memory", "run", {})
    gevent.joinall(others, raise_error=True)


class Slow:
    """A daemon that takes its time, and counts."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def ask(self, command: str, arguments: Mapping[str, Any], _patience: float) -> int:
        self.asked.append((command, arguments))
        number = len(self.asked)
        gevent.sleep(0.05)
        return number


def spawned(
    questions: MemoryQuestions, command: str, count: int, **arguments: Any
) -> "list[gevent.Greenlet[..., Any]]":
    greenlets = [gevent.spawn(questions.answer, command, "run", arguments) for _ in range(count)]
    gevent.sleep(0)
    return greenlets


def test_browsers_that_wait_with_the_same_question_share_an_answer() -> None:
    daemon = Slow()
    questions = MemoryQuestions(daemon.ask)
    others = spawned(questions, "values", 1, first=0) + [
        each for number in range(3) for each in spawned(questions, "values", 1, first=number + 1)
    ]
    same = spawned(questions, "memory", 20, at="last")
    other = spawned(questions, "memory", 1, at=7)
    gevent.joinall([*others, *same, *other], raise_error=True)
    assert len({each.value for each in same}) == 1
    assert other[0].value != same[0].value
    assert len(daemon.asked) == 6


def test_an_answer_has_what_was_there_when_it_was_asked_for() -> None:
    daemon = Slow()
    questions = MemoryQuestions(daemon.ask)
    first, second = spawned(questions, "search", 2)
    gevent.joinall([first, second], raise_error=True)
    assert (first.value, second.value) == (1, 2), "the second joined an answer that was under way"


def test_what_changes_something_is_done_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_questions, "_MAX_ASKED", 1)
    daemon = Slow()
    gevent.joinall(spawned(MemoryQuestions(daemon.ask), "save_search", 3, name="hit"), raise_error=True)
    assert len(daemon.asked) == 3


def test_a_refusal_is_for_all_who_share_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_questions, "_MAX_ASKED", 1)

    def ask(_command: str, arguments: Mapping[str, Any], _patience: float) -> None:
        gevent.sleep(0.02)
        if "at" in arguments:
            raise CommandError("MomentError", "No.")

    questions = MemoryQuestions(ask)
    first = spawned(questions, "search", 1)
    waiting = spawned(questions, "memory", 3, at=9)
    gevent.joinall([*first, *waiting])
    assert [str(each.exception) for each in waiting] == ["No."] * 3


def test_a_session_that_is_looked_at_is_prepared_and_nothing_is_said_where_it_cannot_be() -> None:
    daemon = Daemon(BusError("The daemon does not answer."))
    MemoryQuestions(daemon.ask).prepare("run")
    assert [(command, arguments) for command, arguments, _ in daemon.asked] == [("prepare", {"session": "run"})]
