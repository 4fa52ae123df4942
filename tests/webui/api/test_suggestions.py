"""Routes for suggested labels: what is asked of the daemon."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.webui.api.test_memory import Daemon, daemon
from tests.webui.api.test_routes import asked, client, server
from webui.app import PageServer

__all__ = ["asked", "client", "daemon", "server"]

BASE = "/api/sessions/meadow/suggestions"


def test_suggestions_are_asked_as_the_query_says(client: FlaskClient, daemon: Daemon) -> None:
    daemon.answers = [{"suggestions": []}, {"suggestions": []}]
    assert client.get(f"{BASE}?field=scene").get_json() == {"suggestions": []}
    client.get(BASE)
    assert daemon.asked == [
        ("suggestions", {"session": "meadow", "field": "scene"}),
        ("suggestions", {"session": "meadow"}),
    ]


def test_agreement_is_asked_of_two_people_or_of_two_sessions(client: FlaskClient, daemon: Daemon) -> None:
    daemon.answers = [{"compared": ["ann", "ben"]}, {"compared": ["meadow", "copy"]}]
    path = "/api/sessions/meadow/agreement"
    assert client.get(f"{path}?first=ann&second=ben").get_json() == {"compared": ["ann", "ben"]}
    client.get(f"{path}?other=copy")
    assert daemon.asked == [
        ("agreement", {"session": "meadow", "first": "ann", "second": "ben"}),
        ("agreement", {"session": "meadow", "other": "copy"}),
    ]
    assert client.get(f"{path}?third=eve").status_code == 400


def test_another_parameter_is_refused(client: FlaskClient, daemon: Daemon) -> None:
    assert client.get(f"{BASE}?colour=red").status_code == 400
    assert daemon.asked == []


def test_suggestions_are_taken_and_ends_are_moved_as_label_commands(
    client: FlaskClient, server: PageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, Mapping[str, Any]]] = []

    def ask(command: str, arguments: Mapping[str, Any], _patience: float) -> Any:
        sent.append((command, arguments))
        return {"entry": 3, "changed": 9}

    monkeypatch.setattr(server.labelling, "_ask", ask)
    body = {"field": "context", "ranges": [[3, 9]], "who": "ann"}
    assert client.post(f"{BASE}/take", json=body).get_json() == {"entry": 3, "changed": 9}
    client.post("/api/sessions/meadow/snap", json={"field": "context", "all": True})
    assert sent == [
        ("take_suggestions", {**body, "session": "meadow", "origin": "api"}),
        ("snap", {"field": "context", "all": True, "session": "meadow", "origin": "api"}),
    ]
