"""Entry of the analysis process: answers the questions of its socket until that ends. Shell.

The daemon gives it a few questions at a time; each has a thread. Ctrl+C is not for it. When the socket ends it ends at
once, in the middle of an answer: whatever it writes to disk appears by rename.
"""

import os
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from daemon.answering.service import AnalysisService
from daemon.machine.parent_socket import ignore_interrupts, is_readable, join
from daemon.machine.priority import yield_to_others
from daemon.processes.questions import HEARTBEAT, QuestionReader, answer_bytes, error_bytes
from protocol.errors import AnalysisProcessError, GbatraceError

__all__ = ["main", "serve_questions"]

_PIECE = 1 << 16
_PAUSE = 1.0
"""Seconds between two heartbeats."""

_THREADS = 4

Ask = Callable[[str, Mapping[str, Any]], Any]


class _Answers:
    """Our direction of the socket, for several threads."""

    def __init__(self, joined: socket.socket, ask: Ask) -> None:
        self._joined = joined
        self._ask = ask
        self._turn = threading.Lock()
        self._left = 0

    def take(self) -> None:
        """Count a question that is to be answered."""
        with self._turn:
            self._left += 1

    def answer(self, number: int, command: str, arguments: Mapping[str, Any]) -> None:
        """Answer a question, whatever happens."""
        try:
            data = answer_bytes(number, self._ask(command, arguments))
        except GbatraceError as error:
            data = error_bytes(number, error.kind, str(error))
        except MemoryError:
            data = error_bytes(
                number, AnalysisProcessError.__name__, "This machine has too little memory for this question."
            )
        except Exception as error:
            sentence = f"gbatrace failed to answer, which is its own fault: {error!r}"
            data = error_bytes(number, AnalysisProcessError.__name__, sentence)
        with self._turn:
            self._left -= 1
            self._send(data)

    def heartbeat(self) -> None:
        """Say that this process lives, where a question takes its time."""
        with self._turn:
            if self._left:
                self._send(answer_bytes(HEARTBEAT, None))

    def _send(self, data: bytes) -> None:
        try:
            self._joined.sendall(data)
        except OSError:
            self._left = 0  # The daemon has ended, as the reading side is about to see.


def serve_questions(joined: socket.socket, ask: Ask) -> None:
    """Answer questions until the socket ends.

    Args:
        joined: the socket.
        ask: answers one: command and arguments; called on several threads.
    """
    reader = QuestionReader()
    answers = _Answers(joined, ask)
    threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="question")
    while (data := _receive(joined)) != b"":
        if data is None:
            answers.heartbeat()
            continue
        for question in reader.receive_data(data):
            answers.take()
            threads.submit(answers.answer, *question)
    threads.shutdown(wait=False, cancel_futures=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Answer questions about the sessions of a data folder, whose path is the argument."""
    (data_folder,) = sys.argv[1:] if arguments is None else arguments
    ignore_interrupts()
    yield_to_others()
    with join() as joined:
        serve_questions(joined, AnalysisService(Path(data_folder)).answer)
    os._exit(0)  # Threads that are still at work would be waited for.


def _receive(joined: socket.socket) -> bytes | None:
    """Wait for bytes; empty at the end, None where none came for a while."""
    if not is_readable(joined, _PAUSE):
        return None
    try:
        return joined.recv(_PIECE)
    except ConnectionError:
        return b""


if __name__ == "__main__":
    main()
