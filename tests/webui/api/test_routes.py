import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from protocol.session.annotations import Annotations, annotations_json
from protocol.session.events import EventRecord, event_line
from tests.fakes.bus_daemon import START, FakeDaemon, FakeSession, make_frame_set
from webui.app import PageServer
from webui.settings import Settings

SETS = "/api/sessions/meadow/frame_sets"


@pytest.fixture
def asked() -> list[tuple[str, Mapping[str, Any]]]:
    return []


@pytest.fixture
def server(tmp_path: Path, asked: list[tuple[str, Mapping[str, Any]]], monkeypatch: pytest.MonkeyPatch) -> PageServer:
    server = PageServer(Settings())
    session = FakeSession(FakeDaemon(tmp_path), "meadow", "Meadow Quest")
    for number in range(12):
        session.record(make_frame_set(number, png=b"" if number == 11 else None))
    for number in range(4):
        labels = Annotations(context="battle", complete=number == 0, tags=("boss",) if number == 1 else ())
        session.folder.annotations(number).write_bytes(annotations_json(labels))
    session.folder.events.write_bytes(event_line(EventRecord(START, "mark", 5)))
    state = {"n": 0, "version": "0", "data_folder": str(tmp_path), "link": {}, "sessions": [session.summary]}
    server.state.take_state(state, now=1)

    def ask(command: str, arguments: Mapping[str, Any], _patience: float) -> dict[str, Any]:
        asked.append((command, arguments))
        answers: dict[str, dict[str, Any]] = {
            "label": {"missing": []},
            "latch": {},
            "undo": {"of": 1},
            "redo": {"of": None},
            "take_suggestions": {},
            "snap": {},
            "edit_label_set": {"label_set": "default", "options": [{"value": "battle", "label": "Fight"}]},
        }
        return {"entry": 1, "changed": 1, **answers[command]}

    def ask_for_names(command: str, arguments: Mapping[str, Any], _patience: float) -> dict[str, Any]:
        asked.append((command, arguments))
        name = {"name": "hp", "address": 0x0200_0010, "type": "u16", "status": "guess"}
        answers: dict[str, dict[str, Any]] = {
            "names": {"game": "", "rom_hash": "", "names": [{**name, "layer": "own"}], "notes": []},
            "name": {"name": name, "notes": []},
            "remove_name": {"name": name},
            "import_names": {"added": 1, "changed": 0, "unchanged": 0, "notes": []},
            "export_names": {"file": "fern.wch", "text": "", "named": 1, "notes": []},
        }
        return {"book": "fern", **answers[command]}

    monkeypatch.setattr(server.labelling, "_ask", ask)
    monkeypatch.setattr(server.naming, "_ask", ask_for_names)
    return server


@pytest.fixture
def client(server: PageServer) -> FlaskClient:
    return server.app.test_client()


def numbers(client: FlaskClient, query: str = "") -> list[int]:
    return [row["frame_set_id"] for row in client.get(f"{SETS}?{query}").get_json()["frame_sets"]]


def test_sessions(client: FlaskClient) -> None:
    [session] = client.get("/api/sessions").get_json()["sessions"]
    assert session["session_id"] == "meadow"


def test_frame_sets_come_a_page_at_a_time(client: FlaskClient) -> None:
    page = client.get(f"{SETS}?limit=5").get_json()
    assert [row["frame_set_id"] for row in page["frame_sets"]] == [0, 1, 2, 3, 4]
    seen = [row["frame_set_id"] for row in page["frame_sets"]]
    while page["next"] is not None:
        page = client.get(f"{SETS}?limit=5&cursor={page['next']}").get_json()
        seen += [row["frame_set_id"] for row in page["frame_sets"]]
    assert seen == list(range(12))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=complete", [0]),
        ("status=partial", [1, 2, 3]),
        ("status=unlabelled&last=6", [4, 5, 6]),
        ("context=battle&first=2", [2, 3]),
        ("tags=boss", [1]),
        ("text=BOSS", [1]),
        ("marked=true", [5]),
    ],
)
def test_frame_sets_are_filtered(client: FlaskClient, query: str, expected: list[int]) -> None:
    assert numbers(client, query) == expected


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "first=-1", "cursor=x", "status=half", "marked=1", "colour=red", "last=9999999999"],
)
def test_a_query_that_means_nothing_is_reported(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{SETS}?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["error"].endswith(".")


def test_a_value_of_the_label_set_is_edited(client: FlaskClient, asked: list[tuple[str, Mapping[str, Any]]]) -> None:
    edit = {"field": "context", "value": "battle", "label": "Fight", "who": "ann"}
    answer = client.post("/api/sessions/meadow/label_set", json=edit)
    assert answer.get_json()["options"] == [{"value": "battle", "label": "Fight"}]
    assert asked == [("edit_label_set", {**edit, "origin": "api", "session": "meadow"})]
    assert client.post("/api/sessions/gone/label_set", json=edit).status_code == 404


def test_what_is_known_of_a_session(client: FlaskClient) -> None:
    base = "/api/sessions/meadow"
    assert client.get(f"{base}/progress").get_json() == {"total": 12, "complete": 1, "partial": 3, "unlabelled": 8}
    assert client.get(f"{base}/values").get_json()["context"] == ["battle"]
    assert client.get(f"{base}/coverage").get_json()["context"] == [[0, 3, "battle"]]
    assert len(client.get(f"{base}/label_set").get_json()["options"]["intent"]) == 21
    assert client.get(f"{SETS}/1").get_json()["annotations"]["tags"] == ["boss"]
    assert client.get("/api/sessions/gone/progress").status_code == 404


def test_statistics_are_counted(client: FlaskClient) -> None:
    told = client.get("/api/sessions/meadow/statistics").get_json()
    assert (told["frame_sets"], told["left"], told["labelled"], told["complete"]) == (12, 0, 4, 1)
    assert told["labels"]["context"] == [{"value": "battle", "frame_sets": 4}]
    assert told["changes"] == {"ewram": 12 * 5 * 90, "iwram": 12 * 5 * 40}
    assert sum(told["over_time"]["changes"]["iwram"]) == 12 * 5 * 40
    assert client.get("/api/sessions/gone/statistics").status_code == 404


def test_screenshots(client: FlaskClient) -> None:
    assert client.get(f"{SETS}/3/image").data.startswith(b"\x89PNG")
    thumbnail = client.get(f"{SETS}/3/thumbnail")
    assert thumbnail.mimetype == "image/webp"
    assert Image.open(io.BytesIO(thumbnail.data)).size == (120, 80)
    assert client.get(f"{SETS}/11/thumbnail").status_code == 404


def test_labels_are_handed_to_the_daemon(client: FlaskClient, asked: list[tuple[str, Mapping[str, Any]]]) -> None:
    body = {"ranges": [[2, 4]], "labels": {"scene": "den"}, "who": "script"}
    assert client.post("/api/sessions/meadow/labels", json=body).get_json()["changed"] == 1
    assert asked == [("label", {**body, "session": "meadow", "origin": "api"})]
    assert client.post("/api/sessions/meadow/undo", json={"who": "script"}).get_json()["of"] == 1
    assert client.post("/api/sessions/meadow/labels", data="x").status_code == 400
    assert client.post("/api/sessions/gone/labels", json=body).status_code == 404
    assert len(asked) == 2
