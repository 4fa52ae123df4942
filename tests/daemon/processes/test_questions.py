"""Questions and answers cross the socket in pieces of any length."""

from typing import Any

import pytest

from daemon.processes.questions import AnswerReader, QuestionReader, answer_bytes, error_bytes, question_bytes
from protocol.errors import MessageError
from protocol.packing import unpack

QUESTIONS: list[tuple[int, str, dict[str, Any]]] = [
    (1, "memory", {"session": "run", "at": 7}),
    (2, "search", {"where": [{"filter": "= 7", "on": True}]}),
]


@pytest.mark.parametrize("length", [1, 3, 1000])
def test_questions_come_as_they_were_asked(length: int) -> None:
    stream = b"".join(question_bytes(*question) for question in QUESTIONS)
    reader = QuestionReader()
    pieces = [stream[start : start + length] for start in range(0, len(stream), length)]
    assert [question for piece in pieces for question in reader.receive_data(piece)] == QUESTIONS


@pytest.mark.parametrize("length", [1, 3, 1000])
def test_an_answer_is_handed_through_as_bytes(length: int) -> None:
    result = {"image": bytes(range(256)) * 20, "number": 7}
    stream = answer_bytes(1, result) + error_bytes(2, "SessionError", "There is no session \udc80.")
    reader = AnswerReader()
    pieces = [stream[start : start + length] for start in range(0, len(stream), length)]
    (first, second) = [answer for piece in pieces for answer in reader.receive_data(piece)]
    assert (*first[:2], unpack(first[2])) == (1, "", result)
    assert second == (2, "SessionError", b"There is no session ?.")


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(MessageError):
        question_bytes(1, "memory", {"session": "\udc80"})
