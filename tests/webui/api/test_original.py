"""A client that knows the original's routes only."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from protocol.session.annotations import FIELD_NAMES
from protocol.session.layout import session_folder
from tests.webui.api.test_routes import asked, client, server
from webui.app import PageServer

__all__ = ["asked", "client", "server"]

Asked = list[tuple[str, Mapping[str, Any]]]


def test_the_page_at_a_session(client: FlaskClient) -> None:
    answer = client.get("/meadow")
    assert (answer.status_code, answer.location) == (302, "/#meadow")
    assert client.get("/gone").status_code == 404
    assert client.get("/favicon.ico").status_code == 404


@pytest.mark.parametrize("route", ["/api/frames", "/api/frames/meadow"])
def test_frames(client: FlaskClient, route: str) -> None:
    answer = client.get(route).get_json()
    assert (answer["filter"], answer["total_filtered"]) == ("all", 12)
    assert answer["frames"][0] == {"frame": 0, "annotated": True, "partial": False}
    assert answer["frames"][1] == {"frame": 1, "annotated": False, "partial": True}
    assert answer["frames"][11] == {"frame": 11, "annotated": False, "partial": False}


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [("all", range(12)), ("complete", [0]), ("partial", [1, 2, 3]), ("not_annotated", range(4, 12))],
)
def test_frames_are_filtered(client: FlaskClient, wanted: str, numbers: list[int]) -> None:
    answer = client.get(f"/api/frames/meadow?filter={wanted}").get_json()
    assert [frame["frame"] for frame in answer["frames"]] == list(numbers)
    assert (answer["filter"], answer["total_filtered"]) == (wanted, len(numbers))
    assert client.get("/api/frames/meadow?filter=red").status_code == 400


def test_a_frame_event(client: FlaskClient) -> None:
    for route in ("/api/frame_event/1", "/api/frame_event/meadow/1"):
        event = client.get(route).get_json()
        assert list(event) == ["timestamp", "pc", "current_keys", "annotations"]
        assert len(event["pc"]) == 8
        assert event["annotations"]["tags"] == ["boss"]
    assert client.get("/api/frame_event/meadow/7").get_json()["annotations"] is None
    assert client.get("/api/frame_event/meadow/99").status_code == 404
    assert client.get("/api/frame_event/meadow/..").status_code == 404


def test_a_frame_context(client: FlaskClient) -> None:
    for route in ("/api/frame_context/1", "/api/frame_context/meadow/1"):
        context = client.get(route).get_json()
        assert context["frame_set_id"] == 1
        assert context["memory_changes"]
        assert context["annotations"]["context"] == "battle"
    assert client.get("/api/frame_context/meadow/7").get_json()["annotations"] == {}


def test_labels_are_shown_as_they_stand_in_the_file(client: FlaskClient, server: PageServer) -> None:
    folder = session_folder(server._archive().data_folder, "meadow")
    folder.annotations(7).write_bytes(b'{"tags": "alpha, beta", "mood": "tense"}')
    assert client.get("/api/frame_context/meadow/7").get_json()["annotations"] == {
        "tags": "alpha, beta",
        "mood": "tense",
    }
    assert client.get("/api/tags/meadow").get_json() == {"tags": ["alpha", "beta", "boss"]}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", range(12)),
        ("start=3&page_size=2", [3, 4]),
        ("filter=ANNOTATED", [0]),
        ("filter=PARTIALLY_ANNOTATED&start=2", [2, 3]),
        ("filter=not_annotated&page_size=1", [4]),
    ],
)
def test_frame_contexts(client: FlaskClient, query: str, numbers: list[int]) -> None:
    contexts = client.get(f"/api/frame_contexts/meadow?{query}").get_json()["contexts"]
    assert [context["frame_set_id"] for context in contexts] == list(numbers)
    assert all("annotations" in context for context in contexts)


def test_a_frame_image(client: FlaskClient) -> None:
    for route in ("/api/frame_image/3", "/api/frame_image/meadow/3"):
        answer = client.get(route)
        assert answer.mimetype == "image/png"
        assert answer.data.startswith(b"\x89PNG")
    assert client.get("/api/frame_image/meadow/11").status_code == 404


def test_progress(client: FlaskClient) -> None:
    assert client.get("/api/progress/meadow").get_json() == {"total": 12, "complete": 1, "partial": 3}


def test_values_used_so_far(client: FlaskClient) -> None:
    assert client.get("/api/aggregate/context/meadow").get_json() == {"context": ["battle"]}
    assert client.get("/api/aggregate/action_type/meadow").get_json() == {"action_type": []}
    actions: dict[str, list[str]] = {"actions": [], "intents": [], "outcomes": []}
    assert client.get("/api/aggregate/actions/meadow").get_json() == actions
    assert client.get("/api/actions/meadow").get_json() == actions
    assert client.get("/api/aggregate/all/meadow").get_json() == {
        "contexts": ["battle"],
        "scenes": [],
        "tags": ["boss"],
        **actions,
    }
    assert client.get("/api/contexts/meadow").get_json() == {"contexts": ["battle"]}
    assert client.get("/api/scenes/meadow").get_json() == {"scenes": []}
    assert client.get("/api/aggregate/mood/meadow").status_code == 404
    assert client.get("/api/aggregate/all/gone").status_code == 404


@pytest.mark.parametrize("route", ["/static/annotation_config.json", "/static/annotation_config.json/meadow"])
def test_the_options(client: FlaskClient, route: str) -> None:
    options = client.get(route).get_json()
    counts = {name: len(values) for name, values in options.items()}
    assert counts == {"context_options": 19, "action_options": 17, "intent_options": 21, "outcome_options": 7}
    assert {"value": "battle", "label": "Battle"} in options["context_options"]


@pytest.mark.parametrize("route", ["/api/annotate", "/api/annotate/meadow"])
def test_labels_are_replaced(client: FlaskClient, asked: Asked, route: str) -> None:
    annotation = {"context": "shop", "tags": "a, b", "complete": True, "mood": "tense"}
    body = {"frames": [1, "3", 99, "x"], "annotation": annotation}
    assert client.post(route, json=body).get_json() == {
        "success": True,
        "annotated": [1, "3"],
        "failed": [99, "x"],
        "ignored": ["mood"],
    }
    [(command, arguments)] = asked
    assert (command, arguments["session"], arguments["frame_sets"]) == ("label", "meadow", [1, 3])
    assert arguments["labels"] == {
        **dict.fromkeys(FIELD_NAMES, ""),
        "context": "shop",
        "tags": ["a", "b"],
        "complete": True,
    }


def test_no_frame_may_exist(client: FlaskClient, asked: Asked) -> None:
    answer = client.post("/api/annotate/meadow", json={"frames": [99], "annotation": {"context": "shop"}})
    assert answer.get_json() == {"success": True, "annotated": [], "failed": [99]}
    assert asked == []


@pytest.mark.parametrize(
    ("route", "body", "labels"),
    [
        ("apply_fields/meadow/3", {"context": "shop", "tags": "a, b"}, {"context": "shop", "tags": ["a", "b"]}),
        ("apply_multiple_fields/meadow/3", {"action_type": "combat"}, {"action": "combat"}),
        ("apply_field/meadow/3?field=scene&value=den", None, {"scene": "den"}),
        ("apply_field/meadow/3?field=complete&value=true", None, {"complete": True}),
        ("apply_field/meadow/3", {"scene": "den"}, {"scene": "den"}),
    ],
)
def test_fields_are_given(
    client: FlaskClient, asked: Asked, route: str, body: dict[str, Any] | None, labels: dict[str, Any]
) -> None:
    assert client.post(f"/api/{route}", json=body).get_json() == {"success": True}
    [(command, arguments)] = asked
    assert (command, arguments["frame_sets"], arguments["labels"]) == ("label", [3], labels)


@pytest.mark.parametrize(
    ("route", "body", "status"),
    [
        ("annotate/meadow", {"frames": 3, "annotation": {}}, 400),
        ("annotate/meadow", {"frames": [None], "annotation": {}}, 400),
        ("annotate/meadow", {"frames": [3]}, 400),
        ("annotate/meadow", {"frames": [3], "annotation": {"context": {"a": 1}}}, 400),
        ("annotate/gone", {"frames": [3], "annotation": {"context": "shop"}}, 404),
        ("apply_fields/meadow/3", {"mood": "tense"}, 400),
        ("apply_fields/meadow/99", {"context": "shop"}, 404),
        ("apply_fields/gone/3", {"context": "shop"}, 404),
        ("apply_fields/meadow/3", [], 400),
    ],
)
def test_what_cannot_be_done_is_reported(client: FlaskClient, asked: Asked, route: str, body: Any, status: int) -> None:
    answer = client.post(f"/api/{route}", json=body)
    assert answer.status_code == status
    assert answer.get_json()["error"].endswith(".")
    assert asked == []


def test_sessions_have_their_metadata(client: FlaskClient, server: PageServer) -> None:
    folder = session_folder(server._archive().data_folder, "meadow")
    folder.metadata.write_text(json.dumps({"session_id": "meadow", "created_timestamp": 7, "resume": "secret"}))
    [session] = client.get("/api/sessions").get_json()["sessions"]
    assert session["metadata"] == {"session_id": "meadow", "created_timestamp": 7}
    folder.metadata.write_text("{")
    assert client.get("/api/sessions").get_json()["sessions"][0]["metadata"] == {}


def test_there_may_be_no_session(client: FlaskClient, server: PageServer) -> None:
    state = {"n": 0, "version": "0", "data_folder": server.state.data_folder, "link": {}, "sessions": []}
    server.state.take_state(state, now=2)
    answer = client.get("/api/frames")
    assert (answer.status_code, answer.get_json()) == (404, {"error": "No sessions found."})
