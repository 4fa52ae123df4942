"""Questions to the analysis process and its answers, to bytes and back. Pure.

A question is one MessagePack array `[number, command, arguments]`, an answer `[number, kind, payload]`: `kind` is empty
and the payload the result, packed, or `kind` names an error and the payload is its sentence. Answers come in any order.
A *heartbeat*, the answer to number 0, says that the process lives while a question takes its time.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from protocol.errors import GbatraceError
from protocol.packing import StreamUnpacker, pack

__all__ = [
    "HEARTBEAT",
    "AnswerReader",
    "QuestionReader",
    "RelayedError",
    "answer_bytes",
    "error_bytes",
    "question_bytes",
]

HEARTBEAT = 0
"""Number of the answer that answers nothing."""


class RelayedError(GbatraceError):
    """Error that another process of ours answered, with the kind and sentence that it had there."""

    def __init__(self, kind: str, message: str) -> None:
        self._kind = kind
        super().__init__(message)

    @property
    def kind(self) -> str:
        """Name of the error's class there."""
        return self._kind


def question_bytes(number: int, command: str, arguments: Mapping[str, Any]) -> bytes:
    """Write a question; its number is 1 or more.

    Raises:
        MessageError: its arguments hold what cannot be written.
    """
    return pack([number, command, arguments])


def answer_bytes(number: int, result: Any) -> bytes:
    """Write an answer.

    Raises:
        MessageError: it holds what cannot be written.
    """
    return pack([number, "", pack(result)])


def error_bytes(number: int, kind: str, message: str) -> bytes:
    """Write the refusal of a question: the error's class and its sentence."""
    return pack([number, kind, message.encode("utf-8", "replace")])


class QuestionReader:
    """Reader of questions in a stream of bytes that come in pieces of any length."""

    def __init__(self) -> None:
        self._values = StreamUnpacker(list)

    def receive_data(self, data: bytes | memoryview) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """Take bytes and yield the questions that they complete: number, command, arguments."""
        yield from ((number, command, arguments) for number, command, arguments in self._values.receive_data(data))


class AnswerReader:
    """Reader of answers in a stream of bytes that come in pieces of any length."""

    def __init__(self) -> None:
        self._values = StreamUnpacker()

    def receive_data(self, data: bytes | memoryview) -> Iterator[tuple[int, str, bytes]]:
        """Take bytes and yield the answers that they complete: number, kind of error, payload."""
        yield from ((number, kind, payload) for number, kind, payload in self._values.receive_data(data))
