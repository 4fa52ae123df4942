"""The demo game as the test of a machine."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from daemon.checking.demo_check import CHECK_FRAMES, demo_play, page_result
from protocol.console import GBA


def test_the_tour_is_what_is_played() -> None:
    play = demo_play()
    assert (play.frames, play.real_time, play.keys_held) == (CHECK_FRAMES, True, 0x0300_0032)
    assert GBA.combination(play.inputs.pressed(120)) == "Start"


def test_less_can_be_played_and_faster() -> None:
    play = demo_play(600, real_time=False)
    assert (play.frames, play.real_time) == (600, False)


class Answers(http.server.BaseHTTPRequestHandler):
    status, body = 200, b"<title>gbatrace</title>"

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        pass


class Refuses(Answers):
    status = 403


class IsAnother(Answers):
    body = b"something else"


@pytest.fixture
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a web server that answers."""
    with http.server.HTTPServer(("127.0.0.1", 0), request.param) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("address", [Answers], indirect=True)
def test_a_page_that_answers_is_good(address: str) -> None:
    result = page_result(address)
    assert (result.good, result.text) == (True, f"answers at {address}")


@pytest.mark.parametrize("address", [Refuses, IsAnother], indirect=True)
def test_another_answer_is_reported(address: str) -> None:
    result = page_result(address)
    assert not result.good
    assert result.text.startswith(f"something else answers at {address} (")


def test_no_answer_is_reported() -> None:
    result = page_result("http://127.0.0.1:9")
    assert not result.good
    assert "does a firewall or virus scanner stand between?" in result.text
