from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient

from tests.webui.api.test_routes import asked, client, server

__all__ = ["asked", "client", "server"]


NAMES = "/api/sessions/meadow/names"


def test_names_are_the_daemons(client: FlaskClient, asked: list[tuple[str, Mapping[str, Any]]]) -> None:
    assert client.get(NAMES).get_json()["names"][0]["name"] == "hp"
    assert client.post(NAMES, json={"name": "hp", "watched": True}).get_json()["book"] == "fern"
    assert client.delete(f"{NAMES}/a%2Fb%20%C3%A9?who=ann").get_json()["name"]["type"] == "u16"
    assert client.post(f"{NAMES}/import", json={"text": "[]", "origin": "tool"}).get_json()["added"] == 1
    assert client.get(f"{NAMES}/export?format=wch").get_json()["file"] == "fern.wch"
    assert asked == [
        ("names", {"session": "meadow"}),
        ("name", {"session": "meadow", "origin": "api", "name": "hp", "watched": True}),
        ("remove_name", {"session": "meadow", "origin": "api", "who": "ann", "name": "a/b é"}),
        ("import_names", {"session": "meadow", "origin": "tool", "text": "[]"}),
        ("export_names", {"session": "meadow", "format": "wch"}),
    ]


def test_names_of_no_session_are_not_asked_for(client: FlaskClient, asked: list[tuple[str, Mapping[str, Any]]]) -> None:
    assert client.get("/api/sessions/cave/names").status_code == 404
    assert client.post("/api/sessions/cave/names", json={"name": "hp"}).status_code == 404
    assert client.delete("/api/sessions/cave/names/hp").status_code == 404
    assert client.get(f"{NAMES}?colour=red").status_code == 400
    assert client.post(NAMES, json=[]).status_code == 400
    assert asked == []
