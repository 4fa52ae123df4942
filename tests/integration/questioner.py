"""Somebody who asks about recorded memory over HTTP again and again, while parts are killed."""

import http.client
import json
import threading
from contextlib import suppress
from typing import Any
from urllib.parse import quote

__all__ = ["Questioner", "ask_memory"]

_PATIENCE = 60.0
"""Seconds for an answer: longer than any question may take, its second asking included."""

_FAIR = {200, 400, 404, 503}
"""Statuses with which a question may be answered: 400 and 404 where the session was deleted meanwhile."""

_SEARCH = json.dumps({"where": [{"filter": "changed"}, {"filter": "times >= 2"}], "limit": 5})


class Questioner:
    """Asks for memory and searches, on a thread of its own, until it leaves.

    Args:
        port: of the page.
        session: about which it asks.

    Attributes:
        problems: whatever an answer should not be.
        answers: how many questions were answered.
    """

    def __init__(self, port: int, session: str) -> None:
        self.problems: list[str] = []
        self.answers = 0
        self._port, self._session = port, session
        self._leaves = threading.Event()
        self._thread = threading.Thread(target=self._ask, name="questioner", daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Go away when the question under way is answered."""
        self._leaves.set()
        self._thread.join(2 * _PATIENCE)
        if self._thread.is_alive():
            self.problems.append("a question about memory is not answered")

    def _ask(self) -> None:
        while not self._leaves.wait(0.05):
            for method, path, body in (("GET", "image", None), ("POST", "search", _SEARCH)):
                with suppress(OSError, http.client.HTTPException):  # The page, or the daemon, may be dead just now.
                    status, answer = _request(self._port, method, self._session, path, body)
                    self.answers += status == 200
                    if status not in _FAIR or (status != 200 and not _sentence(answer).endswith(".")):
                        self.problems.append(f"a question about memory is answered with {status}: {answer[:200]!r}")


def ask_memory(port: int, session: str) -> tuple[int, str]:
    """Ask for the memory after the last frame set; returns the status, and that set's number or a sentence."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        line.request("GET", f"/api/sessions/{quote(session)}/memory/image?at=last")
        response = line.getresponse()
        body = response.read()
        return response.status, response.headers["Frame-Set"] if response.status == 200 else _sentence(body)
    finally:
        line.close()


def _request(port: int, method: str, session: str, path: str, body: str | None) -> tuple[int, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        line.request(
            method, f"/api/sessions/{quote(session)}/memory/{path}", body, {"Content-Type": "application/json"}
        )
        response = line.getresponse()
        return response.status, response.read()
    finally:
        line.close()


def _sentence(body: bytes) -> str:
    try:
        document: Any = json.loads(body)
    except ValueError:
        return ""
    return str(document.get("error", "")) if isinstance(document, dict) else ""
