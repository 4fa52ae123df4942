"""Connections and their sessions, and the performing of the sessions' effects."""

import asyncio
import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from daemon.recording.recorder import MAX_JOBS, Recorder
from daemon.recording.session import FLAW_LINES, FLAW_LINES_EVERY
from daemon.recording.sessions import MAX_OPEN, Sessions
from protocol.bus.messages import Topic
from protocol.errors import LabelError, SequenceError
from protocol.link.connection import Screenshot
from protocol.link.messages import Ack, Bye, Event, Farewell, Hello, Refused, Reply, Welcome
from protocol.session.layout import session_folder
from tests.fakes.disk import Disk
from tests.fakes.game import NOW, Game, greeting
from tests.fakes.screenshots import png

MARK = Event(1, NOW, "mark", {})


class Connection:
    """A connection without a socket."""

    def __init__(self, recorder: Recorder) -> None:
        self.peer = "127.0.0.1:4242"
        self.sent: list[Reply] = []
        self.reset_by: list[str] = []
        self.paused = False
        self._recorder = recorder

    def send(self, reply: Reply) -> None:
        self.sent.append(reply)

    def part(self, reason: str) -> None:
        self.sent.append(Farewell(reason))

    def farewell(self, reason: str) -> None:
        self.sent.append(Farewell(reason))

    def reset(self, reason: str) -> None:
        self.reset_by.append(reason)

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def says(self, *messages: Any) -> None:
        for message in messages:
            self._recorder.received(self, message)

    def vanishes(self) -> None:
        self._recorder.lost(self, "reset by peer")


class Scene:
    """A recorder and everything around it."""

    def __init__(self, data: Path) -> None:
        tokens = count(1)
        self.now = NOW
        self.disk = Disk(data)
        self.published: list[tuple[str, str, Mapping[str, Any]]] = []
        self.latched: list[Any] = []
        self.lines: list[str] = []
        self.data = data
        self.recorder = Recorder(
            Sessions([], lambda name: (data / name).exists(), lambda: f"token-{next(tokens)}", lambda: "a-uuid"),
            self.disk,
            lambda *publication: self.published.append(publication),
            lambda *latched: self.latched.append(latched),
            self.lines.append,
            lambda: self.now,
        )

    def connect(self, hello: Hello | None = None, *, busy: bool = False) -> Connection:
        """Send HELLO on a connection; the disk has time for it, or is busy."""
        connection = Connection(self.recorder)
        connection.says(hello or greeting())
        if not busy:
            self.disk.work()
        return connection

    def passes(self, milliseconds: int) -> None:
        """Time passes; it is looked what is overdue by then."""
        self.recorder.end_overdue(600, self.now / 1000)
        self.now += milliseconds
        self.recorder.end_overdue(600, self.now / 1000)

    def topics(self) -> list[str]:
        return [topic for topic, *_ in self.published]

    def states(self) -> list[str]:
        return [summary["state"] for summary in self.recorder.summaries()]

    def metadata(self) -> dict[str, Any]:
        (path,) = self.data.glob("*/session_metadata.json")
        document: dict[str, Any] = json.loads(path.read_bytes())
        return document


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


class TestGreeting:
    def test_a_new_session_is_welcomed_when_its_folder_is_there(self, scene: Scene) -> None:
        script = scene.connect(busy=True)
        assert script.sent == []
        scene.disk.work()
        (welcome,) = script.sent
        assert isinstance(welcome, Welcome)
        assert (welcome.resume, welcome.next_set) == ("token-1", 0)
        assert scene.lines[0] == f"{welcome.session} records Tiny Game from BizHawk 2.11.1 (bulk reads)."
        assert scene.lines[1].startswith(f"{welcome.session} has no game config, so its buttons have no meanings: put")
        assert scene.metadata()["session_id"] == welcome.session

    def test_another_version_is_refused(self, scene: Scene) -> None:
        script = scene.connect(greeting(protocol=9))
        (refused,) = script.sent
        assert isinstance(refused, Refused)
        assert scene.lines[0].startswith("Refused 127.0.0.1:4242: This script speaks")
        with pytest.raises(SequenceError):
            script.says(MARK)

    def test_a_script_that_comes_back_is_welcomed_when_the_disk_is_done(self, scene: Scene) -> None:
        game, first = Game(), scene.connect()
        first.says(*game.frame_set())
        first.vanishes()
        second = scene.connect(greeting(resume="token-1"), busy=True)
        assert second.sent == []
        scene.disk.work()
        assert [type(reply) for reply in second.sent] == [Welcome]
        assert scene.recorder.summaries()[0]["frame_sets"] == 1
        second.says(*game.frame_set())
        scene.disk.work()
        assert second.sent[1:] == [Ack(1)]

    def test_what_the_disk_refused_meanwhile_is_asked_for_again(self, scene: Scene) -> None:
        game, first = Game(), scene.connect()
        first.says(*game.frame_set())
        first.vanishes()
        second = scene.connect(greeting(resume="token-1"), busy=True)
        scene.disk.refuse()
        assert second.sent == [Farewell("The disk is full.")]
        (welcome,) = scene.connect(greeting(resume="token-1")).sent
        assert isinstance(welcome, Welcome)
        assert welcome.next_set == 0

    def test_a_script_that_goes_away_again_meanwhile_is_forgotten(self, scene: Scene) -> None:
        scene.connect().vanishes()
        second = scene.connect(greeting(resume="token-1"), busy=True)
        second.vanishes()
        scene.disk.work()
        assert second.sent == []
        assert scene.states() == ["lost"]

    def test_a_session_that_ends_meanwhile_is_not_gone_on_with(self, scene: Scene) -> None:
        scene.connect().vanishes()
        second = scene.connect(greeting(resume="token-1"), busy=True)
        scene.passes(1_000_000)
        scene.disk.work()
        assert second.sent == [Farewell("the session was ended meanwhile")]

    def test_of_two_that_come_back_the_later_one_stays(self, scene: Scene) -> None:
        scene.connect().vanishes()
        second, third = (scene.connect(greeting(resume="token-1"), busy=True) for _ in range(2))
        scene.disk.work()
        assert second.reset_by == ["its emulator opened another connection"]
        third.says(*Game().frame_set())
        scene.disk.work()
        assert third.sent[1:] == [Ack(0)]

    def test_the_connection_that_was_there_is_reset(self, scene: Scene) -> None:
        first = scene.connect()
        second = scene.connect(greeting(resume="token-1"))
        assert first.reset_by == ["its emulator opened another connection"]
        with pytest.raises(SequenceError, match="another one goes on with it"):
            first.says(MARK)
        first.vanishes()
        scene.disk.work()
        second.says(MARK)
        assert scene.states() == ["live"]


class TestRecording:
    def test_a_set_is_acknowledged_and_published_when_the_disk_has_it(self, scene: Scene) -> None:
        script = scene.connect()
        script.says(*Game().frame_set())
        assert len(script.sent) == 1
        assert scene.topics() == [Topic.SESSION]
        scene.disk.work()
        assert script.sent[1:] == [Ack(0)]
        assert scene.topics() == [Topic.SESSION, Topic.SET]
        assert scene.published[1][2]["frame_set"]["frame_set_id"] == 0

    def test_each_set_is_published_with_the_counts_of_the_session(self, scene: Scene) -> None:
        game, script = Game(), scene.connect()
        script.says(*game.frame_set(), *game.frame_set(screenshot=False))
        scene.disk.work()
        first, second = (body["counts"] for topic, _, body in scene.published if topic == Topic.SET)
        counts = {"first_set": 0, "lost_sets": 0}
        assert first == {**counts, "frame_sets": 1, "last_set": 0, "flawed_sets": 0, "lost_screenshots": 0}
        assert second == {**counts, "frame_sets": 2, "last_set": 1, "flawed_sets": 1, "lost_screenshots": 1}
        assert scene.recorder.summaries()[0].items() >= second.items()

    def test_a_set_that_the_disk_refuses_sends_the_script_away(self, scene: Scene) -> None:
        game, script = Game(), scene.connect()
        script.says(*game.frame_set(), *game.frame_set())
        scene.disk.refuse()
        assert script.sent[1:] == [Farewell("The disk is full.")] * 2
        assert [line for line in scene.lines if "stopped recording" in line] == [
            f"{script.sent[0].session} stopped recording. The disk is full."  # type: ignore[union-attr]
        ]
        assert scene.states() == ["lost"]
        script.vanishes()
        assert scene.states() == ["lost"]

    def test_an_event_is_published_and_stored(self, scene: Scene) -> None:
        scene.connect().says(MARK)
        assert scene.topics() == [Topic.SESSION, Topic.EVENT]
        assert scene.published[1][2]["event"]["name"] == "mark"
        scene.disk.work()
        (path,) = scene.data.glob("*/events.jsonl")
        assert json.loads(path.read_bytes())["name"] == "mark"

    def test_what_could_not_be_written_beside_the_sets_is_reported(self, scene: Scene) -> None:
        scene.connect().says(MARK)
        scene.disk.refuse()
        assert scene.lines[-1].endswith("could not be written in full. The disk is full.")

    def test_an_emulator_that_is_gone_is_reported_once(self, scene: Scene) -> None:
        script = scene.connect()
        script.vanishes()
        script.vanishes()
        assert scene.lines[2:] == [
            f"{script.sent[0].session} lost its emulator (reset by peer), waiting for it to come back."  # type: ignore[union-attr]
        ]

    def test_a_stranger_is_reported_in_one_line(self, scene: Scene) -> None:
        scene.recorder.rejected("127.0.0.1:80", "this is not gbatrace's link")
        assert scene.lines == ["Ended a connection from 127.0.0.1:80: this is not gbatrace's link."]


class TestFlaws:
    def test_a_set_that_is_not_whole_is_reported_in_a_line_but_never_in_a_flood_of_lines(self, scene: Scene) -> None:
        game, script = Game(), scene.connect()
        for _ in range(FLAW_LINES_EVERY + 10):
            script.says(*game.frame_set(screenshot=False))
            scene.disk.work()
        told = [line for line in scene.lines if "is not whole" in line]
        assert len(told) == FLAW_LINES + 1
        assert "frame set 0 is not whole: it has no screenshot of its own (1 such set so far)" in told[0]


class TestTheDiskIsFull:
    def test_a_script_is_sent_away_until_there_is_room_and_then_nothing_is_missing(self, scene: Scene) -> None:
        game, script = Game(), scene.connect()
        script.says(*game.frame_set(), *game.frame_set())
        scene.disk.refuse()
        script.vanishes()
        second = scene.connect(greeting(resume="token-1"), busy=True)
        scene.disk.refuse()
        assert second.sent == [Farewell("The disk is full.")]
        assert scene.recorder.summaries()[0]["problem"] == "The disk is full."
        second.vanishes()
        third = scene.connect(greeting(resume="token-1"))
        third.says(*game.again(0), *game.again(1))
        scene.disk.work()
        assert [type(reply) for reply in third.sent] == [Welcome, Ack, Ack]
        (summary,) = scene.recorder.summaries()
        assert (summary["problem"], summary["frame_sets"], summary["state"]) == ("", 2, "live")

    def test_it_is_reported_once_however_often_the_script_comes(self, scene: Scene) -> None:
        script = scene.connect()
        script.says(*Game().frame_set())
        scene.disk.refuse()
        told = len(scene.lines)
        for _ in range(3):
            scene.connect(greeting(resume="token-1"), busy=True)
            scene.disk.refuse()
        assert len(scene.lines) == told

    def test_a_session_waits_as_long_as_its_script_keeps_coming(self, scene: Scene) -> None:
        scene.connect().says(*Game().frame_set())
        scene.disk.refuse()
        for _ in range(5):
            scene.passes(400_000)
            scene.connect(greeting(resume="token-1"), busy=True)
            scene.disk.refuse()
        assert scene.states() == ["lost"]

    def test_a_new_session_that_the_disk_refuses_is_tried_again_and_not_another(self, scene: Scene) -> None:
        for _ in range(3):
            script = scene.connect(busy=True)
            scene.disk.refuse()
            assert script.sent == [Farewell("The disk is full.")]
            script.vanishes()
        assert scene.states() == ["lost"]
        (welcome,) = scene.connect().sent
        assert isinstance(welcome, Welcome)
        assert scene.states() == ["live"]

    def test_a_new_session_that_never_was_leaves_no_trace(self, scene: Scene) -> None:
        scene.connect(busy=True)
        scene.disk.refuse()
        scene.passes(600_001)
        assert scene.states() == []

    def test_nor_does_one_whose_script_left_before_its_first_frame_set(self, scene: Scene) -> None:
        scene.connect().says(Event(1, 2, "settings", {}), *Game().frame_set()[:3], Bye("the script was stopped", 0))
        scene.disk.work()
        assert scene.states() == []
        assert scene.published[-1][2]["session"]["state"] == "discarded"
        assert list(scene.data.iterdir()) == []

    def test_nor_does_one_whose_script_greeted_again_before_its_welcome(self, scene: Scene) -> None:
        """A daemon that stood still reads both greetings before it reads that the first connection ended."""
        first, second = scene.connect(busy=True), scene.connect(busy=True)
        first.vanishes()
        scene.disk.work()
        second.says(*Game().frame_set())
        scene.disk.work()
        assert scene.states() == ["live", "lost"]
        scene.passes(600_001)
        scene.disk.work()
        assert scene.states() == ["live"]
        assert [path.name for path in scene.data.glob("[!.]*")] == [scene.recorder.summaries()[0]["session_id"]]

    @pytest.mark.parametrize("last", [Event(1, 2, "mark", {"text": "here"}), Event(1, 2, "error", {"message": "oh"})])
    def test_one_with_a_note_stays(self, scene: Scene, last: Event) -> None:
        scene.connect().says(last, Bye("the script was stopped", 0))
        scene.disk.work()
        assert scene.states() == ["ended"]
        assert scene.metadata()["ended_by"] == "the script was stopped"

    def test_and_one_whose_script_lost_its_frame_sets(self, scene: Scene) -> None:
        scene.connect().says(Bye("the script was stopped", 3))
        scene.disk.work()
        assert scene.metadata()["lost"]["frame_sets"] == 3


class TestLimits:
    def test_a_connection_that_gives_more_than_the_disk_takes_is_not_read_meanwhile(self, scene: Scene) -> None:
        game, script = Game(), scene.connect()
        for _ in range(MAX_JOBS):
            script.says(*game.frame_set())
        assert script.paused
        scene.disk.work()
        assert not script.paused

    def test_nor_is_one_whose_few_sets_are_very_large(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("daemon.recording.recorder.MAX_WAITING_CHANGES", 0)
        game, script = Game(), scene.connect()
        script.says(*game.frame_set(), *game.frame_set())
        assert script.paused
        scene.disk.work()
        assert not script.paused

    def test_there_are_only_so_many_sessions_at_a_time(self, scene: Scene) -> None:
        for _ in range(MAX_OPEN):
            scene.connect()
        (refused,) = scene.connect().sent
        assert isinstance(refused, Refused)
        assert len(scene.states()) == MAX_OPEN

    def test_the_one_that_waits_longest_gives_its_place(self, scene: Scene) -> None:
        scripts = [scene.connect() for _ in range(MAX_OPEN)]
        scripts[3].vanishes()
        (welcome,) = scene.connect().sent
        assert isinstance(welcome, Welcome)
        assert sorted(scene.states()) == ["ended", *["live"] * MAX_OPEN]


class TestGoingOnAfterTheEnd:
    def test_a_script_that_was_stopped_and_started_again_goes_on(self, scene: Scene) -> None:
        game, first = Game(), scene.connect()
        first.says(*game.frame_set(), Bye("the script was stopped"))
        scene.disk.work()
        assert scene.states() == ["ended"]
        second = scene.connect(greeting(resume="token-1"))
        (welcome,) = second.sent
        assert isinstance(welcome, Welcome)
        assert welcome.next_set == 1
        assert scene.states() == ["live"]
        assert scene.metadata()["ended_by"] is None
        second.says(*game.keyframes(), *game.frame_set(), Bye("enough"))
        scene.disk.work()
        assert (scene.metadata()["ended_by"], scene.metadata()["total_frame_sets"]) == ("enough", 2)

    def test_but_not_for_ever(self, scene: Scene) -> None:
        scene.connect().says(*Game().frame_set(), Bye("enough"))
        scene.disk.work()
        scene.passes(600_001)
        scene.connect(greeting(resume="token-1"))
        assert sorted(scene.states()) == ["ended", "live"]


class TestEnding:
    def test_goodbye_ends_the_session(self, scene: Scene) -> None:
        script = scene.connect()
        script.says(*Game().frame_set(), Bye("enough"))
        scene.disk.work()
        script.vanishes()
        assert scene.states() == ["ended"]
        assert scene.metadata()["ended_by"] == "enough"
        assert scene.metadata()["total_frame_sets"] == 1

    async def test_stopping_ends_all_of_them_and_takes_no_other(self, scene: Scene) -> None:
        live, lost = scene.connect(), scene.connect(greeting(rom_name="Other"))
        lost.vanishes()
        waiting = scene.connect(greeting(rom_name="Other", resume="token-2"), busy=True)
        live.says(*Game().frame_set()[:-1])
        scene.recorder.end_all("the daemon was stopped")
        late = scene.connect(busy=True)
        scene.disk.work()
        await scene.recorder.settled()
        assert live.sent[1] == Farewell("the daemon was stopped")
        assert late.sent == [Farewell("the daemon was stopped")]
        assert waiting.sent[0] == Farewell("the daemon was stopped")
        assert not any(isinstance(reply, Welcome) for reply in waiting.sent)
        assert scene.states() == ["ended", "ended"]
        assert sorted(summary["frame_sets"] for summary in scene.recorder.summaries()) == [0, 1]

    async def test_what_comes_before_the_farewell_is_read_is_stored(self, scene: Scene) -> None:
        script, game = scene.connect(), Game()
        script.says(*game.frame_set()[:-1])
        parting = asyncio.create_task(scene.recorder.part_all("the daemon was stopped"))
        await asyncio.sleep(0)
        script.says(Screenshot(png(0)), *game.frame_set())
        await parting
        scene.recorder.end_all("the daemon was stopped")
        scene.disk.work()
        assert (scene.metadata()["total_frame_sets"], scene.metadata()["lost"]["flawed"]) == (2, 0)

    def test_a_session_without_its_emulator_is_ended_after_a_while(self, scene: Scene) -> None:
        scene.connect().vanishes()
        scene.passes(599_000)
        assert scene.states() == ["lost"]
        scene.passes(600_001)
        assert scene.states() == ["ended"]
        assert scene.lines[-1].endswith("ended: its emulator did not come back, 0 frame sets.")

    def test_a_clock_that_is_set_ends_no_session(self, scene: Scene) -> None:
        scene.connect().vanishes()
        scene.recorder.end_overdue(600, 50.0)
        scene.now += 86_400_000
        scene.recorder.end_overdue(600, 51.0)
        assert scene.states() == ["lost"]


class TestLatching:
    def test_labels_are_latched_in_a_session_that_is_recorded(self, scene: Scene) -> None:
        script = scene.connect()
        (welcome,) = script.sent
        assert isinstance(welcome, Welcome)
        scene.recorder.latch(welcome.session, {"context": "battle"}, "ann", "page")
        ((name, edit, who, origin),) = scene.latched
        assert (name, edit.frame_set_id, who, origin) == (welcome.session, 0, "ann", "page")
        assert scene.recorder.summaries()[0]["latched"] == {"context": "battle"}

    def test_latched_tags_are_written_in_the_form_that_the_session_has(self, scene: Scene) -> None:
        script = scene.connect()
        name = scene.recorder.summaries()[0]["session_id"]
        scene.recorder.latch(name, {"tags": ("boss", "fire")}, "ann", "page")
        scene.recorder.write_tags_as_text(name)
        script.says(*Game().frame_set())
        scene.disk.work()
        labels = session_folder(scene.data, name).annotations(0)
        assert json.loads(labels.read_bytes())["tags"] == "boss, fire"

    def test_there_is_nothing_to_latch_in_a_session_that_is_over(self, scene: Scene) -> None:
        script = scene.connect()
        script.says(*Game().frame_set(), Bye(""))
        scene.disk.work()
        with pytest.raises(LabelError, match="is not being recorded"):
            scene.recorder.latch(scene.recorder.summaries()[0]["session_id"], {"context": "battle"}, "ann", "page")
