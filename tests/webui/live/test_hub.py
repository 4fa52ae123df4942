from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gevent
import pytest
from flask import Flask
from flask_socketio import SocketIO, SocketIOTestClient

from protocol.bus.messages import Publication, Topic
from protocol.session.annotations import Annotations, annotations_json
from protocol.session.frame_set import FrameSet
from tests.fakes.bus_daemon import FakeDaemon, FakeSession, make_frame_set
from tests.fakes.patience import PATIENCE
from webui.archive.folders import Archive
from webui.archive.index import Index
from webui.live.feed import PREVIEW_BACKLOG, PREVIEW_WINDOW
from webui.live.hub import BrowserHub
from webui.live.live_state import DaemonChanged, LiveState, Published, Resynchronised


class Page:
    """A page server without sockets, and browsers that look at it."""

    def __init__(self, data_folder: Path) -> None:
        self.app = Flask(__name__)
        self.socketio = SocketIO(self.app, async_mode="gevent", async_handlers=False)
        self.live = LiveState(now=0)
        self.index = Index(data_folder)
        self.chosen: list[str] = []
        self.hub = BrowserHub(
            self.socketio,
            self.live,
            lambda: Archive(data_folder),
            lambda: self.index,
            "run",
            "0.1.0",
            self.chosen.append,
        )
        self.sessions = {name: FakeSession(FakeDaemon(data_folder), name, name) for name in ("meadow", "cave")}
        summaries = [session.summary for session in self.sessions.values()]
        state = {"n": 0, "version": "0.1.0", "data_folder": str(data_folder), "link": {}, "sessions": summaries}
        self.live.take_state(state, now=1)
        self._n = 0

    def browser(self) -> "Browser":
        return Browser(self.socketio.test_client(self.app))

    def store(self, session: str, frame_set: FrameSet, **odd: Any) -> None:
        self.sessions[session].record(frame_set)
        body = {
            "session": session,
            "frame_set": {**frame_set.summary(), **odd},
            "counts": self.sessions[session].counts(),
            "changes": [],
            "png": frame_set.png,
        }
        self.publish(Topic.SET, session, body)

    def publish(self, topic: str, session: str, body: dict[str, Any]) -> None:
        self._n += 1
        self.hub.report(Published(Publication(topic, session, self._n, body)))


class Browser:
    """One browser: what it got, by name; it acknowledges only when asked to."""

    def __init__(self, client: SocketIOTestClient) -> None:
        self.client = client
        self._received = 0

    def receive(self) -> list[tuple[str, dict[str, Any]]]:
        packets = self.client.get_received()
        self._received += len(packets)
        return [(packet["name"], packet["args"][0]) for packet in packets]

    def wait(self) -> list[tuple[str, dict[str, Any]]]:
        """Wait for what the page server sends once it has read the disk, at most 10 s."""
        for _ in range(1000):
            if packets := self.receive():
                return packets
            gevent.sleep(0.01)
        return []

    def names(self) -> list[str]:
        return [name for name, _ in self.receive()]

    def watch(self, session: str) -> dict[str, Any]:
        answer = self.client.emit("watch", {"session": session}, callback=True)
        assert isinstance(answer, dict)
        return answer

    def acknowledge(self) -> None:
        self.client.emit("seen", self._received)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    yield Page(tmp_path)
    SocketIOTestClient.clients.clear()


def test_a_browser_gets_everything_there_is_before_anything_new(page: Page) -> None:
    browser = page.browser()
    [(name, body)] = browser.receive()
    assert name == "welcome"
    assert body["server"] == {"id": "run", "version": "0.1.0"}
    assert [session["session_id"] for session in body["sessions"]] == ["meadow", "cave"]


def test_a_late_joiner_gets_the_sets_so_far_and_then_the_new_ones(page: Page) -> None:
    for number in (0, 1, 2, 5):
        page.store("meadow", make_frame_set(number))
    browser = page.browser()
    browser.receive()
    assert browser.watch("meadow") == {"ok": True}
    [(name, body)] = browser.receive()
    assert (name, body["session"], body["ranges"]) == ("watched", "meadow", [[0, 2], [5, 5]])
    page.store("meadow", make_frame_set(6))
    messages = browser.receive()
    assert [name for name, _ in messages] == ["frame_set", "preview"]
    assert messages[1][1]["png"].startswith(b"\x89PNG")


def test_it_is_told_which_session_somebody_looks_at(page: Page) -> None:
    page.browser().watch("cave")
    gevent.sleep(0)
    assert page.chosen == ["cave"]


def test_what_is_stored_while_the_snapshot_is_read_comes_after_it(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = page.browser()
    browser.receive()

    def read_slowly(work: Any, *arguments: Any) -> Any:
        result = work(*arguments)
        page.store("meadow", make_frame_set(0))
        assert browser.receive() == []
        return result

    monkeypatch.setattr("webui.live.hub.offload", read_slowly)
    browser.watch("meadow")
    messages = browser.receive()
    assert [name for name, _ in messages] == ["watched", "frame_set", "preview"]
    assert messages[0][1]["ranges"] == []


def test_a_snapshot_that_was_overtaken_by_another_choice_is_thrown_away(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = page.browser()
    browser.receive()
    turns: Iterator[Callable[[], object]] = iter([lambda: browser.watch("cave"), lambda: None])

    def change_of_mind(work: Any, *arguments: Any) -> Any:
        next(turns)()
        return work(*arguments)

    monkeypatch.setattr("webui.live.hub.offload", change_of_mind)
    browser.watch("meadow")
    assert [body["session"] for name, body in browser.receive() if name == "watched"] == ["cave"]


def test_a_session_that_nobody_knows_yet_is_shown_at_once_and_then_filled_in(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.live.hub._OPENING", 0.0)
    monkeypatch.setattr("webui.live.hub._REFRESH", 0.0)
    monkeypatch.setattr("webui.archive.index._SLICE", 1)
    for number in range(3):
        page.sessions["meadow"].record(make_frame_set(number, ("cut short",)))
    folder = page.sessions["meadow"].folder
    folder.annotations(1).write_bytes(annotations_json(Annotations(context="battle")))
    browser = page.browser()
    browser.receive()
    browser.watch("meadow")
    [(_, body)] = browser.receive()
    assert (body["ranges"], body["unread"], body["labels"]["context"]) == ([[0, 2]], 6, [])
    while body["unread"]:
        gevent.sleep(0.01)
        snapshots = browser.receive()
        assert all(name == "watched" for name, _ in snapshots)
        assert [snapshot["unread"] for _, snapshot in snapshots] == sorted(
            (snapshot["unread"] for _, snapshot in snapshots), reverse=True
        )
        body = snapshots[-1][1] if snapshots else body
    assert (body["labels"]["context"], body["flawed"]) == ([[1, 1, "battle"]], [[0, 2]])
    assert page.hub._learning == set()


def test_nothing_more_is_read_for_a_browser_that_left(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webui.live.hub._OPENING", 0.0)
    monkeypatch.setattr("webui.archive.index._SLICE", 1)
    page.sessions["meadow"].record(make_frame_set(0))
    browser = page.browser()
    browser.watch("meadow")
    browser.client.disconnect()
    gevent.sleep(0.05)
    assert page.index.unread("meadow") == 2


def test_whoever_looks_at_a_session_gets_the_options_of_a_label_set_that_was_edited(page: Page) -> None:
    watcher, other = page.browser(), page.browser()
    watcher.watch("meadow")
    watcher.receive(), other.receive()
    page.publish(Topic.LABEL_SETS, "default", {"label_set": "default", "who": "ann", "origin": "page"})
    [(event, body)] = watcher.wait()
    assert (event, body["session"], body["label_options"]["label_set"]) == ("label_options", "meadow", "default")
    assert other.receive() == []


def test_names_belong_to_a_game_so_everybody_is_told(page: Page) -> None:
    browser = page.browser()
    browser.receive()
    page.publish(Topic.NAMES, "fern", {"book": "fern", "who": "ann", "origin": "page"})
    assert browser.receive() == [("names", {"book": "fern", "who": "ann", "origin": "page"})]


def test_previews_go_only_to_those_who_watch_the_session(page: Page) -> None:
    watcher, other = page.browser(), page.browser()
    watcher.watch("meadow")
    other.watch("cave")
    watcher.receive()
    other.receive()
    page.store("meadow", make_frame_set(0))
    page.publish(Topic.EVENT, "meadow", {"session": "meadow", "event": {"name": "reset"}})
    assert watcher.names() == ["frame_set", "preview", "event"]
    assert other.names() == ["frame_set"]


@pytest.mark.parametrize(
    ("odd", "instead"), [({"timestamp": "soon"}, ["frame_set"]), ({"frames": object()}, ["problem"] * 2)]
)
def test_a_publication_that_cannot_be_shown_costs_only_itself(
    page: Page, odd: dict[str, Any], instead: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    browser = page.browser()
    browser.watch("meadow")
    browser.receive()
    page.store("meadow", make_frame_set(0))
    page.store("meadow", make_frame_set(1), **odd)
    page.publish(Topic.EVENT, "meadow", {})
    page.store("meadow", make_frame_set(2))
    assert browser.names() == ["frame_set", "preview", *instead, "frame_set", "preview"]
    assert "cannot be s" in capsys.readouterr().err


def test_a_slow_browser_loses_previews_and_is_informed_but_no_state_is_lost(page: Page) -> None:
    browser = page.browser()
    browser.watch("meadow")
    browser.receive()
    sets = PREVIEW_WINDOW + PREVIEW_BACKLOG + 5
    for number in range(sets):
        page.store("meadow", make_frame_set(number))
    page.publish(Topic.SESSION, "meadow", {"session": {"session_id": "meadow", "state": "ended"}})
    messages = browser.receive()
    names = [name for name, _ in messages]
    assert names.count("frame_set") == sets
    assert names.count("preview") == PREVIEW_WINDOW
    assert "session" in names
    assert [body["dropped"] for name, body in messages if name == "meter"] == [1, 2, 3, 4, 5]

    browser.acknowledge()
    recovered = [body["frame_set"]["frame_set_id"] for name, body in browser.receive() if name == "preview"]
    assert recovered == list(range(PREVIEW_WINDOW + 5, 2 * PREVIEW_WINDOW + 5))


def test_one_slow_browser_does_not_hold_up_another(page: Page) -> None:
    slow, quick = page.browser(), page.browser()
    slow.watch("meadow")
    quick.watch("meadow")
    quick.receive()
    for number in range(30):
        page.store("meadow", make_frame_set(number))
        names = quick.names()
        assert "preview" in names
        assert "dropped" not in names
        quick.acknowledge()


def test_a_lost_daemon_is_reported_at_once(page: Page) -> None:
    browser = page.browser()
    browser.receive()
    page.live.lose_daemon(now=77)
    page.hub.report(DaemonChanged())
    [(name, body)] = browser.receive()
    assert name == "state"
    assert (body["daemon"]["status"], body["daemon"]["since"]) == ("down", 77)


def test_after_a_gap_a_session_is_read_once_for_all_who_watch_it(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    page.store("meadow", make_frame_set(0))
    browsers = [page.browser() for _ in range(5)]
    for browser in browsers:
        browser.watch("meadow")
        browser.receive()
    read: list[str] = []
    listing = Index.frame_sets

    def noting(index: Index, session: str) -> list[int]:
        read.append(session)
        return listing(index, session)

    monkeypatch.setattr(Index, "frame_sets", noting)
    page.hub.report(Resynchronised())
    shown = 0
    with gevent.Timeout(PATIENCE):
        while shown < len(browsers):
            gevent.sleep(0.01)
            shown += sum(browser.names().count("watched") for browser in browsers)
    assert read == ["meadow"]


def test_after_a_gap_every_browser_gets_state_and_a_fresh_snapshot(page: Page) -> None:
    browser = page.browser()
    browser.watch("meadow")
    browser.receive()
    page.sessions["meadow"].record(make_frame_set(0))
    page.hub.report(Resynchronised())
    gevent.sleep(0.2)
    messages = dict(browser.receive())
    assert set(messages) == {"state", "watched"}
    assert messages["watched"]["ranges"] == [[0, 0]]


@pytest.mark.parametrize(
    ("session", "message"),
    [("gone", "There is no session gone."), ("../secret", "'../secret' cannot be a session's name")],
)
def test_a_session_that_is_not_there_is_reported_in_a_sentence(page: Page, session: str, message: str) -> None:
    browser = page.browser()
    browser.receive()
    answer = browser.watch(session)
    assert answer["ok"] is False
    assert answer["message"].startswith(message)
    [(name, body)] = browser.receive()
    assert (name, body["message"]) == ("problem", answer["message"])


def test_a_session_that_we_fail_to_read_is_reported_and_the_browser_is_served_on(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = page.browser()
    browser.receive()

    def fail(_work: Any, *_arguments: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("webui.live.hub.offload", fail)
    with pytest.raises(ZeroDivisionError):
        browser.watch("meadow")
    page.store("meadow", make_frame_set(0))
    assert browser.names() == ["problem", "frame_set", "preview"]


@pytest.mark.parametrize("wish", [None, 7, "meadow", {}, {"session": 7}, {"session": None}, ["meadow"]])
def test_rubbish_is_refused_and_changes_nothing(page: Page, wish: object) -> None:
    browser = page.browser()
    browser.receive()
    answer = browser.client.emit("watch", wish, callback=True)
    assert answer["ok"] is False
    browser.client.emit("seen", wish)
    assert browser.receive() == []


def test_a_browser_that_left_is_forgotten(page: Page) -> None:
    browser = page.browser()
    browser.watch("meadow")
    browser.client.disconnect()
    page.store("meadow", make_frame_set(0))
    assert page.hub._browsers == {}
