"""Queue of questions to the analysis process. Pure.

A few are given to the process at a time. When it dies, those that it had are given to the next one by one: the question
over which that one dies as well is the culprit and is given up, and the others go on.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from protocol.bus.messages import PackedResult
from protocol.errors import AnalysisProcessError, GbatraceError

__all__ = ["LANES", "Outcome", "Question", "QuestionQueue"]

LANES = 3
"""Questions that the process works on at a time; a slow one must not hold back those that take milliseconds."""


Outcome = PackedResult | GbatraceError


@dataclass(slots=True, eq=False)
class Question:
    """Question that is not answered yet.

    Args:
        number: from 1, distinct.
        data: its bytes.
        done: called with the outcome, once.
        given: when the process was given it, seconds of the monotonic clock.
        again: whether a process has died over it, or over one that it had at the same time.
    """

    number: int
    data: bytes
    done: Callable[[Outcome], None]
    given: float = 0.0
    again: bool = False


class QuestionQueue:
    """Questions in order: suspected, waiting, or given to the process and not answered."""

    def __init__(self) -> None:
        self._waiting: deque[Question] = deque()
        self._suspects: deque[Question] = deque()
        self._given: dict[int, Question] = {}

    def __len__(self) -> int:
        """Count the questions that are not answered."""
        return len(self._waiting) + len(self._suspects) + len(self._given)

    def add(self, question: Question) -> None:
        """Add a question at the end."""
        self._waiting.append(question)

    def next_bytes(self, now: float) -> bytes | None:
        """Return the next question's bytes; None where none waits or the process has enough to do."""
        if any(question.again for question in self._given.values()):
            return None
        if self._suspects:
            if self._given:
                return None
            question = self._suspects.popleft()
        elif self._waiting and len(self._given) < LANES:
            question = self._waiting.popleft()
        else:
            return None
        question.given = now
        self._given[question.number] = question
        return question.data

    def answered(self, number: int, outcome: Outcome) -> None:
        """Take the answer of a question."""
        question = self._given.pop(number, None)
        if question is not None:
            question.done(outcome)

    def longest(self, now: float) -> float:
        """Return for how many seconds the process has had a question; 0 where it has none."""
        return max((now - question.given for question in self._given.values()), default=0.0)

    def process_died(self) -> None:
        """Prepare to give another process what the one that died had."""
        given = list(self._given.values())
        self._given.clear()
        for question in given:
            if question.again:
                question.done(
                    AnalysisProcessError(
                        "gbatrace's analysis ended twice over this question, which is its own fault; "
                        "the recording goes on."
                    )
                )
            else:
                question.again = True
                self._suspects.append(question)

    def refuse_all(self, error: GbatraceError) -> None:
        """Give every question up."""
        every = [*self._given.values(), *self._suspects, *self._waiting]
        self._given.clear()
        self._suspects.clear()
        self._waiting.clear()
        for question in every:
            question.done(error)
