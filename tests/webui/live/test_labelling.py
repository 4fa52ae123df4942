from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIO, SocketIOTestClient

from protocol.errors import LabelError
from tests.fakes.bus_daemon import FakeDaemon, FakeSession, make_frame_set
from webui.archive.index import Index
from webui.errors import BusError, CommandError, QueryError
from webui.live.labelling import Labelling


class Desk:
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
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


SIGNED = {"session": "meadow", "who": "ann", "origin": "page", "command_id": "c1"}


@pytest.mark.parametrize(
    ("sets", "meant"),
    [
        ({"ranges": [[2, 5]]}, {"first": 2, "last": 5}),
        ({"ranges": [[2, 3], [7, 7]]}, {"frame_sets": [2, 3, 7]}),
        ({"seconds": 0.25, "until": 9}, {"first": 7, "last": 9}),
        ({"frame_sets": [4]}, {"frame_sets": [4]}),
        ({"first": 0, "last": 9}, {"first": 0, "last": 9}),
    ],
)
def test_frame_sets_are_named_in_many_ways(desk: Desk, sets: dict[str, Any], meant: dict[str, Any]) -> None:
    labels = {"context": "battle"}
    desk.labelling.carry_out("label", {**SIGNED, "labels": labels, **sets})
    assert desk.asked == [("label", {**SIGNED, "labels": labels, **meant})]


def test_a_command_of_several_parts_names_sets_in_each(desk: Desk) -> None:
    parts = [{"ranges": [[2, 5]], "labels": {"context": "battle"}}, {"frame_sets": [6], "add_tags": ["cut"]}]
    desk.labelling.carry_out("label", {**SIGNED, "parts": parts})
    meant = [
        {"labels": {"context": "battle"}, "first": 2, "last": 5},
        {"labels": {}, "add_tags": ["cut"], "frame_sets": [6]},
    ]
    assert desk.asked == [("label", {**SIGNED, "parts": meant})]


def test_too_many_sets_in_ranges_are_refused(desk: Desk) -> None:
    with pytest.raises(QueryError):
        desk.labelling.carry_out("label", {**SIGNED, "ranges": [[0, 1], [5, 10**9]]})


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"frame_sets": []},
        {"frame_sets": [1.5]},
        {"frame_sets": [True]},
        {"frame_sets": [2**70]},
        {"first": 0},
        {"first": 0, "last": 3, "seconds": 2},
        {"ranges": [[1]]},
        {"seconds": -1, "until": 3},
        {"seconds": float("nan"), "until": 3},
        {"frame_sets": [1], "colour": "red"},
        {"frame_sets": [1], "labels": {"mood": "x"}},
        {"frame_sets": [1], "labels": {"context": 7}},
        {"frame_sets": [1], "labels": {"context": "\ud800"}},
        {"frame_sets": [1], "labels": []},
        {"frame_sets": [1], "add_tags": "boss"},
        {"frame_sets": [1], "who": 7},
        {"frame_sets": [1], "command_id": 7},
        {"parts": []},
        {"parts": [7]},
        {"parts": [{"frame_sets": [1]}] * 65},
        {"parts": [{"frame_sets": [1]}], "labels": {"context": "x"}},
        {"parts": [{"frame_sets": [1], "who": "ann"}]},
        {"parts": [{"labels": {"context": "x"}}]},
    ],
)
def test_rubbish_never_reaches_the_daemon(desk: Desk, wish: dict[str, Any]) -> None:
    with pytest.raises((QueryError, LabelError)):
        desk.labelling.carry_out("label", {**SIGNED, **wish})
    assert desk.asked == []


def test_a_browser_is_told_what_came_of_it(desk: Desk) -> None:
    app = Flask(__name__)
    socketio = SocketIO(app, async_mode="gevent", async_handlers=False)
    desk.labelling.listen(socketio)
    client: SocketIOTestClient = socketio.test_client(app)
    assert client.emit("undo", SIGNED, callback=True) == {"ok": True, "result": {"entry": 1}}
    desk.error = BusError("The daemon does not answer.")
    assert client.emit("label", {**SIGNED, "frame_sets": [1]}, callback=True)["again"] is True
    desk.error = CommandError("LabelError", "There is no session meadow.")
    answer = client.emit("latch", SIGNED, callback=True)
    assert answer == {"ok": False, "again": False, "message": "There is no session meadow."}
    for rubbish in (None, 7, "label", [SIGNED]):
        assert client.emit("label", rubbish, callback=True)["ok"] is False
    SocketIOTestClient.clients.clear()
