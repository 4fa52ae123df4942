"""Limits of connections and headers, against a server in this process."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import gevent
import pytest
from gevent import socket
from gevent.event import Event

from protocol.bus.page_secret import PageSecret
from webui.access import connections
from webui.access.auth import Auth
from webui.access.connections import IS_GONE, MAX_HEADERS, BoundedServer
from webui.access.guard import Guard


@pytest.fixture
def server() -> Iterator[BoundedServer]:
    def page(_environ: object, start_response: object) -> list[bytes]:
        assert callable(start_response)
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]

    auth = Auth(PageSecret(bytes(32)), lambda: "", lambda _token: None)
    server = BoundedServer(("127.0.0.1", 0), Guard(page, auth))
    server.start()
    yield server
    server.stop(timeout=1)


class Browser:
    """A connection that stays open."""

    def __init__(self, port: int) -> None:
        self._host = f"127.0.0.1:{port}"
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)

    def ask(self, *headers: str, path: str = "/") -> str:
        """Send a request; gives the head of the answer, nothing where the connection was ended."""
        lines = [f"GET {path} HTTP/1.1", f"Host: {self._host}", f"Origin: http://{self._host}", *headers, "", ""]
        self.socket.sendall("\r\n".join(lines).encode())
        return self.receive()

    def receive(self) -> str:
        try:
            return str(self.socket.recv(1 << 16), "utf-8")
        except ConnectionError:
            return ""


Connect = Callable[[], Browser]


@pytest.fixture
def connect(server: BoundedServer) -> Iterator[Connect]:
    with ExitStack() as stack:

        def connected() -> Browser:
            browser = Browser(int(server.address[1]))
            stack.callback(browser.socket.close)
            return browser

        yield connected


def test_the_body_of_an_answer_is_not_held_back(server: BoundedServer, connect: Connect) -> None:
    connect().ask()
    [kept] = server.kept
    assert kept.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_beyond_the_limit_the_one_that_asked_longest_ago_goes(
    server: BoundedServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MAX_CONNECTIONS", 2)
    first, second = connect(), connect()
    for browser in (first, second, first):
        assert browser.ask().startswith("HTTP/1.1 200")
    assert connect().ask().startswith("HTTP/1.1 200")
    assert second.receive() == ""
    assert first.ask().startswith("HTTP/1.1 200")
    assert len(server.kept) == 2


def test_a_connection_that_ended_is_not_counted(server: BoundedServer, connect: Connect) -> None:
    browser = connect()
    browser.ask()
    assert len(server.kept) == 1
    browser.socket.close()
    with gevent.Timeout(5):
        while server.kept:
            gevent.sleep(0.01)


def test_headers_have_a_longest_length_all_together(connect: Connect) -> None:
    line = f"X-Line: {'x' * 1000}"
    assert connect().ask(*[line] * 20).startswith("HTTP/1.1 200")
    assert connect().ask(*[line] * (MAX_HEADERS // 1000 + 1)).startswith("HTTP/1.1 400")


def test_too_many_open_pages_are_reported(
    server: BoundedServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")
    monkeypatch.setattr(connections, "MAX_WEBSOCKETS", 0)
    answer = connect().ask(*upgrade, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", path="/socket.io/?EIO=4")
    assert answer.startswith("HTTP/1.1 503")
    assert not server.websockets


def test_a_connection_that_says_nothing_is_ended(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.05)
    assert connect().receive() == ""


class Question:
    """A page that answers when it is told to, with whether its browser had gone."""

    def __init__(self) -> None:
        self.asked, self.answers, self.answered = Event(), Event(), Event()
        self.seen: list[bool] = []

    def __call__(self, environ: Mapping[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        self.asked.set()
        self.answers.wait()
        self.seen.append(environ[IS_GONE]())
        self.answered.set()
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]


@pytest.mark.parametrize("goes", [False, True])
def test_a_request_learns_whether_its_browser_has_gone(goes: bool) -> None:
    page = Question()
    server = BoundedServer(("127.0.0.1", 0), Guard(page, Auth(PageSecret(bytes(32)), lambda: "", lambda _token: None)))
    server.start()
    browser = Browser(int(server.address[1]))
    try:
        asking = gevent.spawn(browser.ask)
        assert page.asked.wait(10)
        if goes:
            asking.kill()
            browser.socket.close()
            gevent.sleep(0.1)
        page.answers.set()
        assert page.answered.wait(10)
        assert page.seen == [goes]
        if not goes:
            assert asking.get(timeout=10).startswith("HTTP/1.1 200")
    finally:
        browser.socket.close()
        server.stop(timeout=1)
