"""The queue of questions: which are given to the process, and which after it died."""

import pytest

from daemon.processes.question_queue import LANES, Outcome, Question, QuestionQueue
from protocol.bus.messages import PackedResult
from protocol.errors import AnalysisProcessError, BusyError


class Asking:
    """A queue with questions, and their outcomes."""

    def __init__(self, questions: int) -> None:
        self.queue = QuestionQueue()
        self.outcomes: dict[int, Outcome] = {}
        for number in range(1, questions + 1):
            self.add(number)

    def add(self, number: int) -> None:
        self.queue.add(Question(number, bytes([number]), lambda outcome: self.outcomes.update({number: outcome})))

    def give(self, now: float = 0) -> list[int]:
        given = []
        while (data := self.queue.next_bytes(now)) is not None:
            given.append(data[0])
        return given

    def answer(self, number: int) -> None:
        self.queue.answered(number, PackedResult(bytes([number])))


def test_a_few_are_given_at_a_time_and_the_next_when_one_is_answered() -> None:
    at = Asking(LANES + 2)
    assert at.give() == [*range(1, LANES + 1)]
    at.answer(2)
    assert at.outcomes == {2: PackedResult(b"\x02")}
    assert at.give() == [LANES + 1]
    assert len(at.queue) == LANES + 1


def test_an_answer_that_nobody_waits_for_is_dropped() -> None:
    at = Asking(1)
    at.answer(0)
    at.answer(9)
    assert at.outcomes == {}
    assert len(at.queue) == 1


def test_questions_of_a_process_that_died_are_asked_once_more_one_by_one() -> None:
    at = Asking(LANES + 1)
    at.give()
    at.queue.process_died()
    for number in range(1, LANES + 1):
        assert at.give() == [number]
        at.answer(number)
    assert at.give() == [LANES + 1]
    assert all(isinstance(outcome, PackedResult) for outcome in at.outcomes.values())


def test_the_one_over_which_it_dies_again_is_given_up_and_no_other() -> None:
    at = Asking(LANES)
    at.give()
    at.queue.process_died()
    assert at.give() == [1]
    at.queue.process_died()
    assert isinstance(at.outcomes.pop(1), AnalysisProcessError)
    assert at.give() == [2]
    at.answer(2)
    assert at.give() == [3]
    assert at.outcomes == {2: PackedResult(b"\x02")}


def test_a_new_question_waits_until_the_suspects_are_answered() -> None:
    at = Asking(1)
    at.give()
    at.queue.process_died()
    at.add(2)
    assert at.give() == [1]
    at.answer(1)
    assert at.give() == [2]


def test_it_knows_how_long_the_process_has_had_a_question() -> None:
    at = Asking(LANES + 1)
    assert at.queue.longest(5.0) == 0
    at.give(now=1.0)
    at.answer(1)
    at.give(now=3.0)
    assert at.queue.longest(5.0) == pytest.approx(4.0)


def test_all_are_given_up_at_the_end() -> None:
    at = Asking(LANES + 1)
    at.give()
    at.queue.process_died()
    error = BusyError("Over.")
    at.queue.refuse_all(error)
    assert at.outcomes == dict.fromkeys(range(1, LANES + 2), error)
    assert len(at.queue) == 0
