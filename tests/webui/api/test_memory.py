"""Routes for recorded memory: what is asked of the daemon, and how its answers and refusals come back."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.webui.api.test_routes import asked, client, server
from webui.app import PageServer
from webui.errors import BusError, CommandError

__all__ = ["asked", "client", "server"]

BASE = "/api/sessions/meadow/memory"


class Daemon:
    """The daemon's answers, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.answers: list[Any] = []

    def ask(self, command: str, arguments: Mapping[str, Any], _patience: float) -> Any:
        self.asked.append((command, arguments))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def daemon(server: PageServer, monkeypatch: pytest.MonkeyPatch) -> Daemon:
    daemon = Daemon()
    monkeypatch.setattr(server.questions, "_ask", daemon.ask)
    return daemon


def test_memory_comes_as_bytes_one_part_after_the_other(client: FlaskClient, daemon: Daemon) -> None:
    daemon.answers = [{"number": 7, "image": b"IMAGE", "known": b"K", "ages": b"AGES"}]
    answer = client.get(f"{BASE}/image?at=7")
    assert daemon.asked == [("memory", {"session": "meadow", "at": "7"})]
    assert (answer.data, answer.mimetype, answer.headers["Frame-Set"]) == (
        b"IMAGEKAGES",
        "application/octet-stream",
        "7",
    )


def test_values_and_changes_are_asked_as_the_query_says(client: FlaskClient, daemon: Daemon) -> None:
    daemon.answers = [{"numbers": [1], "values": [None], "total": 1}, {"rows": []}, {"sets": [[3, 9]]}]
    values = client.get(f"{BASE}/values?address=03000A14&type=u16&first=mark 2&last=last&most=50")
    assert values.get_json() == {"numbers": [1], "values": [None], "total": 1}
    client.get(f"{BASE}/changes?address=0x3000A14&cursor=100&limit=20")
    assert client.get(f"{BASE}/held?button=A%2BRight").get_json() == {"sets": [[3, 9]]}
    assert daemon.asked == [
        (
            "values",
            {"session": "meadow", "address": "03000A14", "type": "u16", "first": "mark 2", "last": "last", "most": 50},
        ),
        ("changes_of", {"session": "meadow", "address": "0x3000A14", "cursor": 100, "limit": 20}),
        ("held", {"session": "meadow", "button": "A+Right"}),
    ]


def test_a_search_is_handed_on_with_its_session(client: FlaskClient, daemon: Daemon) -> None:
    daemon.answers = [{"left": 3}]
    body = {"where": [{"filter": "= 7 @ last", "on": True}], "session": "other"}
    assert client.post(f"{BASE}/search", json=body).get_json() == {"left": 3}
    assert daemon.asked == [("search", {**body, "session": "meadow"})]


def test_searches_are_listed_saved_and_removed(client: FlaskClient, daemon: Daemon) -> None:
    daemon.answers = [{"searches": []}, {}, {}]
    client.get(f"{BASE}/searches")
    client.post(f"{BASE}/searches", json={"name": "hp"})
    client.delete(f"{BASE}/searches/my%20hp%2Fmp")
    assert daemon.asked == [
        ("searches", {"session": "meadow"}),
        ("save_search", {"session": "meadow", "name": "hp"}),
        ("remove_search", {"session": "meadow", "name": "my hp/mp"}),
    ]


def test_finding_is_handed_on_with_its_session(client: FlaskClient, daemon: Daemon) -> None:
    daemon.answers = [{"candidates": []}]
    body = {"name": "hp", "readings": ["812=23"], "axis": None, "limit": 5}
    assert client.post(f"{BASE}/find", json=body).get_json() == {"candidates": []}
    assert daemon.asked == [("find", {**body, "session": "meadow"})]


def test_a_probe_is_asked_for_again_while_it_plays(
    client: FlaskClient, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.live.memory_questions._PAUSE", 0.01)
    daemon.answers = [CommandError("BusyError", "The game is being played."), {"groups": []}]
    assert client.post(f"{BASE}/probe", json={"axis": True}).get_json() == {"groups": []}
    assert daemon.asked == [("probe", {"session": "meadow", "axis": True})] * 2


def test_a_session_says_beforehand_whether_it_can_be_probed(client: FlaskClient, daemon: Daemon) -> None:
    daemon.answers = [{"refusal": "Its ROM is not known."}]
    assert client.get(f"{BASE}/probe").get_json() == {"refusal": "Its ROM is not known."}
    assert daemon.asked == [("can_probe", {"session": "meadow"})]


def test_queries_are_listed_kept_and_removed(client: FlaskClient, daemon: Daemon) -> None:
    daemon.answers = [{"queries": []}, {}, {}]
    client.get(f"{BASE}/queries")
    client.post(f"{BASE}/queries", json={"name": "hp", "readings": ["812=23"]})
    client.delete(f"{BASE}/queries/my%20hp%2Fmp")
    assert daemon.asked == [
        ("queries", {"session": "meadow"}),
        ("save_query", {"session": "meadow", "name": "hp", "readings": ["812=23"]}),
        ("remove_query", {"session": "meadow", "name": "my hp/mp"}),
    ]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("values?address=3000000&colour=red", "no parameter 'colour'"),
        ("values?address=3000000&most=x", "`most` is a whole number"),
        ("changes?address=3000000&limit=-1", "`limit` is a whole number"),
        (f"changes?address=3000000&cursor={'9' * 400}", "`cursor` is a whole number"),
        ("image?first=2", "no parameter 'first'"),
    ],
)
def test_a_query_that_means_nothing_is_told_without_asking(
    client: FlaskClient, daemon: Daemon, query: str, sentence: str
) -> None:
    answer = client.get(f"{BASE}/{query}")
    assert answer.status_code == 400
    assert sentence in answer.get_json()["error"]
    assert daemon.asked == []


def test_a_session_that_is_not_there_is_not_asked_for(client: FlaskClient, daemon: Daemon) -> None:
    assert client.get("/api/sessions/gone/memory/image").status_code == 404
    assert daemon.asked == []


def test_what_is_not_ready_is_asked_for_again(
    client: FlaskClient, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.live.memory_questions._PAUSE", 0.01)
    busy = CommandError("BusyError", "It is being read: ask again in a moment.")
    daemon.answers = [busy, busy, {"numbers": []}]
    assert client.get(f"{BASE}/values?address=3000000").get_json() == {"numbers": []}
    monkeypatch.setattr("webui.live.memory_questions._PATIENCE", 0.1)
    daemon.answers = [busy] * 1000
    answer = client.get(f"{BASE}/values?address=3000000")
    assert (answer.status_code, answer.get_json()) == (503, {"error": "It is being read: ask again in a moment."})


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (CommandError("MomentError", "There is no frame set 9."), 400),
        (CommandError("AnalysisProcessError", "It ended twice."), 503),
        (BusError("The daemon does not answer."), 503),
    ],
)
def test_a_refusal_is_a_sentence_with_its_status(
    client: FlaskClient, daemon: Daemon, error: Exception, status: int
) -> None:
    daemon.answers = [error]
    answer = client.get(f"{BASE}/image?at=9")
    assert (answer.status_code, answer.get_json()) == (status, {"error": str(error)})
