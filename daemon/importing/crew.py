"""Pieces of work done by this process and by children beside it, so that every core helps. Shell.

A child is `python -m daemon.importing.crew MODULE`. It reads the tools that the work needs from its standard input,
asks the module's `open_work` for the work, then answers one piece after the other, and ends with its input. Where none
can be started, or one dies, this process does the work itself.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from threading import Lock, Thread
from types import TracebackType
from typing import IO, Any, Generic, Self, TypeVar

from daemon.processes.child import child_options
from protocol.errors import GbatraceError

__all__ = ["MOST_CHILDREN", "Crew", "main"]

P = TypeVar("P")
R = TypeVar("R")

MOST_CHILDREN = 3
"""More would be more memory than a batch should take."""

_AHEAD = 2
"""Pieces that a child holds: it goes on with the next while its answer is read."""


class Crew(Generic[P, R]):
    """Does pieces of work, several at a time.

    Args:
        module: name of a module with a function `open_work(tools)`, which returns a function from a piece to its
            result. Tools, pieces and results cross a pipe: they must be values that can be pickled.
        tools: what `open_work` is given.
        pieces: how many there will be, more or less; children are started where that is worth it.
    """

    def __init__(self, module: str, tools: Any, pieces: int) -> None:
        self._work: Callable[[P], R] = import_module(module).open_work(tools)
        count = min(MOST_CHILDREN, (os.cpu_count() or 1) - 1, pieces // (2 * _AHEAD))
        children = (_start(module, tools) for _ in range(count))
        self._children: list[_Child[P, R]] = [child for child in children if child is not None]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._children:
            child.close()

    def results(self, pieces: Iterable[P]) -> Iterator[R]:
        """Do the pieces and yield their results, in their order.

        Raises:
            GbatraceError: what a piece of work raised.
        """
        waiting: deque[tuple[P, Future[R]]] = deque()
        for piece in pieces:
            waiting.append((piece, self._begin(piece)))
            while waiting and (waiting[0][1].done() or len(waiting) > _AHEAD * (len(self._children) + 1)):
                yield self._result(*waiting.popleft())
        while waiting:
            yield self._result(*waiting.popleft())

    def _begin(self, piece: P) -> Future[R]:
        """Give a piece to a child that has room for it, or do it."""
        for child in self._children:
            future = child.ask(piece)
            if future is not None:
                return future
        done: Future[R] = Future()
        try:
            done.set_result(self._work(piece))
        except GbatraceError as error:
            done.set_exception(error)
        return done

    def _result(self, piece: P, future: Future[R]) -> R:
        try:
            return future.result()
        except EOFError:
            return self._work(piece)


class _Child(Generic[P, R]):
    """A child process, a thread that sends it pieces, and one that waits for its answers: pipes hold little."""

    def __init__(self, process: "subprocess.Popen[bytes]", tools: Any) -> None:
        self._process = process
        self._asked: deque[Future[R]] = deque()
        self._lock = Lock()
        self._gone = False
        self._sender = ThreadPoolExecutor(1, f"crew {process.pid}")
        self._sender.submit(self._send, tools)
        self._listener = Thread(target=self._listen, name=f"crew {process.pid}", daemon=True)
        self._listener.start()

    def ask(self, piece: P) -> Future[R] | None:
        """Ask for a piece; None where the child has enough to do, or is gone."""
        with self._lock:
            if self._gone or len(self._asked) >= _AHEAD:
                return None
            future: Future[R] = Future()
            self._asked.append(future)
            self._sender.submit(self._send, piece)
            return future

    def close(self) -> None:
        self._process.kill()
        self._sender.shutdown(cancel_futures=True)
        self._listener.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._process.wait()

    def _send(self, value: object) -> None:
        with suppress(OSError):  # A child that is gone is noticed where its answers are awaited.
            if self._process.stdin is not None:
                _write(self._process.stdin, value)

    def _listen(self) -> None:
        answers = self._process.stdout
        with suppress(Exception):  # An answer that cannot be read is as good as none.
            while answers is not None:
                result, error = pickle.load(answers)  # noqa: S301 - from our own child
                with self._lock:
                    future = self._asked.popleft()
                if error is None:
                    future.set_result(result)
                else:
                    future.set_exception(error)
        with self._lock:
            self._gone = True
            for future in self._asked:
                future.set_exception(EOFError())
            self._asked.clear()


def _start(module: str, tools: Any) -> "_Child[Any, Any] | None":
    try:
        process = subprocess.Popen(  # noqa: S603 - the command is ours
            [sys.executable, "-m", __name__, module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            **child_options(),
        )
    except OSError:
        return None
    return _Child(process, tools)


def _write(stream: IO[bytes], value: object) -> None:
    pickle.dump(value, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()


def main(module: str) -> None:
    """Answer what comes on the standard input until it ends. Anything unforeseen ends this process at once."""
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    with suppress(EOFError):
        work = import_module(module).open_work(pickle.load(asked))  # noqa: S301 - from our own parent
        while True:
            piece = pickle.load(asked)  # noqa: S301
            answer: tuple[Any, GbatraceError | None]
            try:
                answer = work(piece), None
            except GbatraceError as error:
                answer = None, error
            _write(answers, answer)


if __name__ == "__main__":
    main(sys.argv[1])
