from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIO, SocketIOTestClient

from tests.fakes.bus_daemon import FakeDaemon, FakeSession, make_frame_set
from webui.archive.index import Index
from webui.errors import BusError, CommandError, QueryError
from webui.live.labelling import Labelling


class Daemon:
    """The daemon's end: notes what it is asked and answers, or refuses with `error`."""

    def __init__(self, data_folder: Path) -> None:
        session = FakeSession(FakeDaemon(data_folder), "meadow", "Meadow Quest")
        for number in range(10):
            session.record(make_frame_set(number))
        index = Index(data_folder)
        index.open_session("meadow")
        index.learn_facts("meadow")
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.error: Exception | None = None
        self.labelling = Labelling(self.ask, lambda: index)

    def ask(self, command: str, arguments: Mapping[str, Any], _patience: float) -> Any:
        self.asked.append((command, arguments))
        if self.error is not None:
            raise self.error
        return {"entry": len(self.asked)}


@pytest.fixture
def daemon(tmp_path: Path) -> Daemon:
    return Daemon(tmp_path)


SIGNED = {"session": "meadow", "who": "ann", "origin": "page", "command_id": "c1"}


@pytest.mark.parametrize(
    ("sets", "meant"),
    [
        ({"seconds": 0.25, "until": 9}, {"first": 7, "last": 9}),
        ({"ranges": [[2, 3], [7, 10**9]]}, {"ranges": [[2, 3], [7, 10**9]]}),
        ({"frame_sets": [4]}, {"frame_sets": [4]}),
        ({"first": 0, "last": 9}, {"first": 0, "last": 9}),
        ({"frame_sets": [True], "colour": 7}, {"frame_sets": [True], "colour": 7}),
    ],
)
def test_seconds_become_a_range_and_all_else_is_for_the_daemon_to_judge(
    daemon: Daemon, sets: dict[str, Any], meant: dict[str, Any]
) -> None:
    labels = {"context": "battle"}
    daemon.labelling.carry_out("label", {**SIGNED, "labels": labels, **sets})
    assert daemon.asked == [("label", {**SIGNED, "labels": labels, **meant})]


def test_seconds_may_stand_in_a_part(daemon: Daemon) -> None:
    parts = [{"seconds": 0.25, "until": 9, "labels": {"context": "battle"}}, {"frame_sets": [6], "add_tags": ["cut"]}]
    daemon.labelling.carry_out("label", {**SIGNED, "parts": parts})
    meant = [{"labels": {"context": "battle"}, "first": 7, "last": 9}, {"frame_sets": [6], "add_tags": ["cut"]}]
    assert daemon.asked == [("label", {**SIGNED, "parts": meant})]


@pytest.mark.parametrize(
    "selector",
    [
        {"seconds": 2},
        {"until": 2},
        {"first": 0, "last": 3, "seconds": 2, "until": 3},
        {"seconds": -1, "until": 3},
        {"seconds": True, "until": 3},
        {"seconds": float("nan"), "until": 3},
        {"seconds": 2, "until": 2**70},
        {"seconds": 2, "until": 3.5},
        {"session": 7, "seconds": 2, "until": 3},
    ],
)
def test_seconds_that_mean_nothing_never_reach_the_daemon(daemon: Daemon, selector: dict[str, Any]) -> None:
    with pytest.raises(QueryError):
        daemon.labelling.carry_out("label", {**SIGNED, **selector})
    assert daemon.asked == []


def test_a_browser_gets_the_result_of_its_command(daemon: Daemon) -> None:
    app = Flask(__name__)
    socketio = SocketIO(app, async_mode="gevent", async_handlers=False)
    daemon.labelling.listen(socketio)
    client: SocketIOTestClient = socketio.test_client(app)
    assert client.emit("undo", SIGNED, callback=True) == {"ok": True, "result": {"entry": 1}}
    daemon.error = BusError("The daemon does not answer.")
    assert client.emit("label", {**SIGNED, "frame_sets": [1]}, callback=True)["again"] is True
    daemon.error = CommandError("LabelError", "There is no session meadow.")
    answer = client.emit("latch", SIGNED, callback=True)
    assert answer == {"ok": False, "again": False, "message": "There is no session meadow."}
    for rubbish in (None, 7, "label", [SIGNED]):
        assert client.emit("label", rubbish, callback=True)["ok"] is False
    SocketIOTestClient.clients.clear()
