"""Requests of programs while ten long sessions are recorded and twenty browsers watch them."""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from http.client import HTTPConnection
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import orjson

from tests.bench.figures import Budget, Figure, spread
from tests.bench.processes import DaemonProcess, LiveClients, Sender
from tests.bench.settings import BenchSettings
from tests.bench.traffic import capture, save_traffic

__all__ = ["request_bench"]

_SESSIONS, _BROWSERS = 10, 20
_SETS_BEFORE = 1580
"""Frame sets of each session before the first request: some two minutes of play."""

_SECONDS = 90
"""Longest that the requests may take; the emulators play for so long."""

_SETS_PER_SECOND = 12
_CHANGES_PER_SET = 60
_REQUESTS = 100
_BETWEEN = 0.05
_NEWEST = 5
"""Seconds of play that are labelled at once: sixty frame sets."""

_READ, _LABELLED = (Budget("p99", 50.0),), (Budget("p99", 100.0),)

Request = Callable[[str, int], Any]
"""One request about a session; the number is another one each time."""


def request_bench(settings: BenchSettings) -> Iterator[Figure]:
    """Ask and label through the page's HTTP interface, one request after the other, each about the next session.

    Yields:
        The time from a request to its answer, for each kind of request.
    """
    sets = 20 if settings.quick else _SETS_BEFORE
    seconds = 2 if settings.quick else _SECONDS
    traffic = settings.work / "traffic"
    save_traffic(capture(_CHANGES_PER_SET, sets + seconds * _SETS_PER_SECOND), traffic)
    times: dict[str, list[float]] = {}
    for _ in range(settings.rounds):
        data = settings.work / "asked"
        with ExitStack() as stack:
            daemon = stack.enter_context(DaemonProcess(data, page=True))
            rate = 5.0 * _SETS_PER_SECOND
            sender = stack.enter_context(Sender(daemon.port, traffic, _SESSIONS, rate, before=sets))
            stack.enter_context(LiveClients(daemon.page, _BROWSERS))
            sender.start()
            page = _Page(daemon.page)
            stack.callback(page.close)
            sessions = [session["session_id"] for session in page.get("/api/sessions")["sessions"]]
            for name, request in page.requests().items():
                count = 3 if settings.quick else _REQUESTS
                times.setdefault(name, []).extend(_ask(request, sessions, count))
        shutil.rmtree(data)
    subject = f"{_SESSIONS} sessions of {sets:,} sets, {_BROWSERS} browsers"
    for name, milliseconds in times.items():
        yield Figure(subject, name, "ms", spread(milliseconds), budgets=_LABELLED if "POST" in name else _READ)


class _Page:
    """The page's HTTP interface on one connection."""

    def __init__(self, address: str) -> None:
        self._connection = HTTPConnection(urlsplit(address).netloc, timeout=60)

    def requests(self) -> Mapping[str, Request]:
        """Return the kinds of requests by name."""
        return {
            "GET progress": lambda session, _: self.get(f"/api/sessions/{session}/progress"),
            "GET label_set": lambda session, _: self.get(f"/api/sessions/{session}/label_set"),
            "POST labels of 3 sets": lambda session, n: self._label(session, {"first": n, "last": n + 2}, n),
            f"POST labels of the last {_NEWEST} seconds": self._label_newest,
        }

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def get(self, path: str) -> Any:
        """Return the answer to a GET."""
        return self._ask("GET", path)

    def _label_newest(self, session: str, number: int) -> Any:
        newest = self.get(f"/api/sessions/{session}/progress")["total"] - 1
        return self._label(session, {"seconds": _NEWEST, "until": newest}, number)

    def _label(self, session: str, sets: Mapping[str, int], number: int) -> Any:
        body = {**sets, "labels": {"context": f"place {number}"}, "who": "bench"}
        return self._ask("POST", f"/api/sessions/{session}/labels", body)

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        data = None if body is None else orjson.dumps(body)
        self._connection.request(method, path, data, {"Content-Type": "application/json"} if data else {})
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path} was answered {answer.status}: {text[:200]!r}")
        return orjson.loads(text)


def _ask(request: Request, sessions: list[str], count: int) -> Iterator[float]:
    """Ask so often; yields after how many ms each answer came."""
    for number, session in zip(range(count), cycle(sessions), strict=False):
        begun = time.perf_counter()
        request(session, number)
        yield 1000 * (time.perf_counter() - begun)
        time.sleep(_BETWEEN)
