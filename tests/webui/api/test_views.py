import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.fakes.bus_daemon import FakeDaemon, FakeSession, make_frame_set
from webui.app import PageServer
from webui.archive.folders import Archive
from webui.settings import Settings


@pytest.fixture
def server(tmp_path: Path) -> PageServer:
    server = PageServer(Settings())
    session = FakeSession(FakeDaemon(tmp_path), "meadow", "Meadow Quest")
    session.record(make_frame_set(0))
    session.record(make_frame_set(1, png=b""))
    state = {
        "n": 0,
        "version": "0.1.0",
        "data_folder": str(tmp_path),
        "link": {"port": 1},
        "sessions": [session.summary],
    }
    server.state.take_state(state, now=1)
    return server


@pytest.fixture
def client(server: PageServer) -> FlaskClient:
    return server.app.test_client()


def test_the_page_is_served_without_inline_code(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert 'type="module"' in answer.text
    assert "<script>" not in answer.text
    assert " style=" not in answer.text


def test_the_page_describes_the_console(client: FlaskClient) -> None:
    found = re.search(r'<script type="application/json" id="console">(.*?)</script>', client.get("/").text)
    assert found is not None
    console = json.loads(found[1])
    assert (console["name"], console["width"], console["height"]) == ("Game Boy Advance", 240, 160)
    assert console["frames_per_second"] == pytest.approx(59.7275, abs=1e-4)


def test_a_file_that_cannot_be_read_is_reported(server: PageServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "/data/meadow/3/event.json")

    monkeypatch.setattr(Archive, "frame_set", refused)
    answer = server.app.test_client().get("/api/sessions/meadow/frame_sets/3")
    assert answer.status_code == 404
    assert answer.get_json() == {"error": "event.json cannot be read (Permission denied): check its permissions."}


@pytest.mark.parametrize(
    ("path", "kind"), [("app.js", "text/javascript"), ("style/main.css", "text/css"), ("icon.svg", "image/svg+xml")]
)
def test_static_files_have_their_type_on_every_system(client: FlaskClient, path: str, kind: str) -> None:
    with client.get(f"/static/{path}") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == kind


def test_the_state_as_json(client: FlaskClient) -> None:
    state = client.get("/api/state").get_json()
    assert state["daemon"]["status"] == "up"
    assert [session["session_id"] for session in state["sessions"]] == ["meadow"]


def test_a_frame_set_as_json(client: FlaskClient) -> None:
    answer = client.get("/api/sessions/meadow/frame_sets/0")
    assert answer.get_json()["frame_set_id"] == 0
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_screenshot_may_be_kept_for_ever(client: FlaskClient) -> None:
    answer = client.get("/sessions/meadow/0.png")
    assert answer.mimetype == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.data.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/api/sessions/gone/frame_sets/0", 404, "There is no session gone."),
        ("/api/sessions/meadow/frame_sets/9", 404, "Session meadow has no frame set 9."),
        ("/api/sessions/meadow/frame_sets/x", 404, "'x' is not the number of a frame set"),
        ("/api/sessions/%2e%2e/frame_sets/0", 404, "'..' cannot be a session's name"),
        ("/sessions/meadow/1.png", 404, "Frame set 1 of session meadow has no screenshot."),
        ("/sessions/meadow/01.png", 404, "'01' is not the number of a frame set"),
    ],
)
def test_what_is_not_there_is_reported_in_a_sentence(client: FlaskClient, path: str, status: int, message: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.get_json()["error"].startswith(message)


def test_unknown_addresses_and_methods_are_json_too(client: FlaskClient) -> None:
    assert client.get("/api/nothing").get_json()["error"]
    assert client.post("/").status_code == 405


def test_before_the_daemon_answered_there_is_nothing_to_read() -> None:
    answer = PageServer(Settings()).app.test_client().get("/sessions/meadow/0.png")
    assert answer.status_code == 503
    assert "gbatrace serve" in answer.get_json()["error"]
