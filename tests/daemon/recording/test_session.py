"""One session from HELLO to its end: messages in, effects out."""

from collections.abc import Iterable
from typing import Any

import pytest

from daemon.labels.history import SetEdit
from daemon.recording.effects import (
    Announce,
    Effect,
    Latched,
    LogEvent,
    RefreshMetadata,
    Send,
    StoreMemory,
    StoreMetadata,
    StoreProof,
    StoreSet,
)
from daemon.recording.session import LATCHABLE, MEMORY_IMAGE_SETS, Session
from daemon.recording.session_origin import SessionIdentity
from protocol.errors import LabelError, SequenceError
from protocol.link.messages import Ack, Bye, Command, Event, Farewell, Frame, Keyframe, Proof, Welcome
from protocol.session.annotations import Annotations
from protocol.session.events import EventRecord
from protocol.session.flaws import NO_SCREENSHOT
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ProofRecord
from protocol.session.metadata import GapCount
from tests.fakes.game import NOW, Game, greeting

IDENTITY = SessionIdentity(
    session_id="20260102-030405-tiny",
    resume_sha256="",
    created=NOW,
    game_name="Tiny Game",
    game_config="tiny.json",
    is_custom_name=False,
)


class Telling:
    """A session, its game, and what the session wants done."""

    def __init__(self) -> None:
        self.session = Session(IDENTITY, greeting())
        self.session.give_token("c0ffee")
        self.game = Game()
        self.now = NOW

    def says(self, *messages: Any) -> list[Effect]:
        """The script says something; what the session wants done."""
        return [effect for message in messages for effect in self.session.receive(message, self.now)]

    def plays(self, **how: Any) -> FrameSet:
        """The script says a set, which the session wants stored."""
        return stored_in(self.says(*self.game.frame_set(**how)))


def stored_in(effects: Iterable[Effect]) -> FrameSet:
    """Return the one frame set that is to be stored."""
    (frame_set,) = [effect.frame_set for effect in effects if isinstance(effect, StoreSet)]
    return frame_set


def recording() -> Telling:
    """A session whose first set is stored."""
    telling = Telling()
    list(telling.session.welcome(NOW))
    list(telling.session.stored(telling.plays()))
    return telling


class TestOpening:
    def test_its_folder_must_be_there_before_it_is_announced_and_welcomed(self) -> None:
        telling = Telling()
        assert telling.session.greeted(NOW) == telling.session.metadata()
        assert list(telling.session.welcome(NOW)) == [
            Announce(),
            Send(Welcome("20260102-030405-tiny", "c0ffee", 0)),
        ]

    def test_its_metadata_tell_what_is_known_at_the_start(self) -> None:
        metadata = Telling().session.metadata()
        assert (metadata.session_id, metadata.created, metadata.game_name) == ("20260102-030405-tiny", NOW, "Tiny Game")
        assert (metadata.total_frame_sets, metadata.first_set, metadata.last_set) == (0, None, None)
        assert (metadata.ended, metadata.ended_by) == (None, None)
        assert metadata.recorder["rom_name"] == "Tiny Game"
        assert metadata.recorder["regions"][0] == {"name": "iwram", "base": 0x0300_0000, "size": 72}

    def test_its_summary_is_that_of_the_bus(self) -> None:
        assert recording().session.summary() == {
            "session_id": "20260102-030405-tiny",
            "state": "live",
            "since": NOW,
            "created": NOW,
            "ended_by": "",
            "problem": "",
            "game_name": "Tiny Game",
            "rom_name": "Tiny Game",
            "rom_hash": "0123456789ABCDEF0123456789ABCDEF01234567",
            "client": "BizHawk 2.11.1",
            "scan_mode": "chunked",
            "reader": "bulk",
            "frames_per_set": 5,
            "frame_sets": 1,
            "first_set": 0,
            "last_set": 0,
            "flawed_sets": 0,
            "lost_sets": 0,
            "lost_screenshots": 0,
            "latched": {},
            "regions": [
                {"name": "iwram", "base": 0x0300_0000, "size": 72},
                {"name": "ewram", "base": 0x0200_0000, "size": 100},
            ],
        }


class TestRecording:
    def test_a_set_is_acknowledged_when_the_disk_has_it_and_not_before(self) -> None:
        telling = recording()
        effects = telling.says(*telling.game.frame_set())
        assert [type(effect) for effect in effects] == [StoreSet]
        assert list(telling.session.stored(stored_in(effects))) == [Send(Ack(1))]

    def test_a_set_that_the_disk_has_already_is_acknowledged_at_once(self) -> None:
        telling = recording()
        assert telling.says(*telling.game.again(0)) == [Send(Ack(0))]

    def test_the_first_set_comes_with_an_image_of_memory_and_then_one_a_minute(self) -> None:
        telling = Telling()
        imaged = [
            effect.frame_set_id
            for _ in range(MEMORY_IMAGE_SETS + 2)
            for effect in telling.says(*telling.game.frame_set(screenshot=False))
            if isinstance(effect, StoreMemory)
        ]
        assert imaged == [0, MEMORY_IMAGE_SETS]

    def test_the_image_is_memory_as_it_was_after_the_set(self) -> None:
        telling = Telling()
        _, image = telling.says(*telling.game.frame_set())
        assert image == StoreMemory(0, telling.game.image())

    def test_stored_sets_are_counted(self) -> None:
        telling = recording()
        list(telling.session.stored(telling.plays()))
        list(telling.session.stored(telling.plays(interruption="savestate", screenshot=False)))
        metadata = telling.session.metadata()
        assert (metadata.total_frame_sets, metadata.first_set, metadata.last_set) == (3, 0, 2)
        assert metadata.lost == GapCount(frame_sets=0, screenshots=1, flawed=1)

    def test_an_event_is_logged_with_the_set_that_was_open(self) -> None:
        event = Event(1005, NOW + 9, "savestate_loaded", {"slot": 3})
        assert recording().says(event) == [LogEvent(EventRecord(NOW + 9, "savestate_loaded", 1, 1005, {"slot": 3}))]

    def test_a_gap_is_logged_and_counted(self) -> None:
        telling = recording()
        telling.game.frame_set()
        telling.game.frame_set()
        keyframes = telling.game.keyframes()
        gap, store, image = telling.says(*keyframes, *telling.game.frame_set())
        assert gap == LogEvent(EventRecord(NOW, "gap", 1, None, {"first": 1, "last": 2}))
        assert stored_in([store]).frame_set_id == 3
        assert image == StoreMemory(3, telling.game.image())
        assert telling.session.metadata().lost.frame_sets == 2

    def test_a_mirror_that_differs_is_logged_and_the_script_is_asked_for_keyframes(self) -> None:
        telling = recording()
        assert telling.says(Proof(0, 1, "0" * 64)) == [
            LogEvent(EventRecord(NOW, "mirror_differs", 1, None, {"region": "iwram", "chunk": 1})),
            StoreProof(ProofRecord(0, 1004, "iwram", 1, "0" * 64)),
        ]
        assert list(telling.session.stored(telling.plays())) == [Send(Ack(1, (Command("keyframes", {}),)))]
        assert list(telling.session.stored(telling.plays())) == [Send(Ack(2))]

    def test_a_command_travels_with_the_next_acknowledgement(self) -> None:
        telling = recording()
        telling.session.command(Command("show", {"text": "battle"}))
        telling.session.command(Command("keyframes", {}))
        assert list(telling.session.stored(telling.plays())) == [
            Send(Ack(1, (Command("show", {"text": "battle"}), Command("keyframes", {}))))
        ]

    def test_of_commands_of_one_name_only_the_last_travels(self) -> None:
        telling = recording()
        for number in range(100):
            telling.session.command(Command("show", {"text": str(number)}))
        assert list(telling.session.stored(telling.plays())) == [Send(Ack(1, (Command("show", {"text": "99"}),)))]

    def test_a_message_without_a_place_is_the_scripts_fault(self) -> None:
        with pytest.raises(SequenceError):
            recording().says(Frame(1, 3, 2000, NOW, 0, 0, ()))


class TestLosingTheEmulator:
    def test_the_session_waits(self) -> None:
        telling = recording()
        assert list(telling.session.disconnected(NOW + 5, "reset by peer")) == [
            Announce(),
            LogEvent(EventRecord(NOW + 5, "connection_lost", 1, None, {"reason": "reset by peer"})),
        ]
        assert (telling.session.state, telling.session.since) == ("lost", NOW + 5)

    def test_a_connection_is_lost_once(self) -> None:
        telling = recording()
        list(telling.session.disconnected(NOW + 5, "reset"))
        assert list(telling.session.disconnected(NOW + 6, "reset")) == []

    def test_what_the_script_counted_and_did_not_deliver_is_lost_until_it_comes_back(self) -> None:
        telling = recording()
        effects = telling.says(Bye("enough", next_set=4))
        assert LogEvent(EventRecord(NOW, "undelivered", 1, None, {"first": 1, "last": 3})) in effects
        assert telling.session.metadata().lost.frame_sets == 3
        assert telling.session.summary()["lost_sets"] == 3
        assert telling.session.greeted(NOW).lost.frame_sets == 0

    def test_a_goodbye_after_the_last_set_loses_nothing(self) -> None:
        telling = recording()
        assert telling.says(Bye("enough", next_set=1)) == [StoreMetadata(telling.session.metadata()), Announce()]
        assert telling.session.metadata().lost.frame_sets == 0

    def test_a_set_that_only_lacked_its_screenshot_is_stored(self) -> None:
        telling = recording()
        telling.says(*telling.game.frame_set()[:-1])
        kept = stored_in(telling.session.disconnected(NOW + 5, "reset"))
        assert (kept.frame_set_id, kept.flaws[0]) == (1, NO_SCREENSHOT)

    def test_a_new_connection_goes_on_with_the_set_in_progress(self) -> None:
        telling = recording()
        messages = telling.game.frame_set()
        telling.says(*messages[:3])
        list(telling.session.disconnected(NOW + 5, "reset"))
        *_, welcome = telling.session.welcome(NOW + 7)
        assert welcome == Send(Welcome("20260102-030405-tiny", "c0ffee", 1))
        assert (telling.session.state, telling.session.since) == ("live", NOW + 7)
        assert stored_in(telling.says(*telling.game.again(1))).frame_set_id == 1


class TestTheDiskRefuses:
    def test_the_script_is_sent_away_and_the_session_goes_back_to_that_set(self) -> None:
        telling = recording()
        refused = telling.plays()
        assert list(telling.session.not_stored(refused, "The disk is full.", NOW + 5)) == [
            Send(Farewell("The disk is full.")),
            Announce(),
        ]
        assert telling.session.state == "lost"
        assert telling.session.next_set == 1

    def test_sets_behind_it_are_refused_with_it_and_all_come_again(self) -> None:
        telling = recording()
        first, second = telling.plays(), telling.plays()
        list(telling.session.not_stored(first, "The disk is full.", NOW + 5))
        assert list(telling.session.not_stored(second, "The disk is full.", NOW + 5)) == [
            Send(Farewell("The disk is full."))
        ]
        *_, welcome = telling.session.welcome(NOW + 7)
        assert welcome == Send(Welcome("20260102-030405-tiny", "c0ffee", 1))
        again = [stored_in(telling.says(*telling.game.again(number))) for number in (1, 2)]
        for frame_set in again:
            list(telling.session.stored(frame_set))
        assert telling.session.metadata().total_frame_sets == 3

    def test_what_was_stored_before_stays_counted(self) -> None:
        telling = recording()
        list(telling.session.not_stored(telling.plays(), "no", NOW))
        assert telling.session.metadata().last_set == 0


class TestMetadataKeepUp:
    def test_they_are_written_where_something_is_new(self) -> None:
        telling = recording()
        assert list(telling.session.refresh()) == [RefreshMetadata(telling.session.metadata())]
        assert telling.session.metadata().total_frame_sets == 1
        assert list(telling.session.refresh()) == []
        list(telling.session.stored(telling.plays()))
        assert len(list(telling.session.refresh())) == 1

    def test_not_of_a_session_that_waits_for_its_emulator(self) -> None:
        telling = recording()
        list(telling.session.disconnected(NOW, "the cable was pulled"))
        assert list(telling.session.refresh()) == []


class TestEnding:
    def test_the_scripts_goodbye_ends_it(self) -> None:
        telling = recording()
        assert telling.says(Bye("the script was stopped")) == [StoreMetadata(telling.session.metadata()), Announce()]
        assert telling.session.finished
        assert (telling.session.metadata().ended, telling.session.metadata().ended_by) == (
            NOW,
            "the script was stopped",
        )

    def test_a_goodbye_without_a_reason_has_one_in_the_metadata(self) -> None:
        telling = recording()
        telling.says(Bye(""))
        assert telling.session.metadata().ended_by == "the script ended"

    def test_it_is_over_when_the_last_set_is_stored(self) -> None:
        telling = recording()
        last, very_last = telling.plays(), telling.plays()
        assert list(telling.session.end("the daemon was stopped", NOW + 9)) == []
        assert list(telling.session.stored(last)) == [Send(Ack(1))]
        assert list(telling.session.stored(very_last)) == [
            Send(Ack(2)),
            StoreMetadata(telling.session.metadata()),
            Announce(),
        ]
        assert telling.session.finished
        assert telling.session.metadata().total_frame_sets == 3

    def test_it_is_over_when_the_last_set_could_not_be_stored(self) -> None:
        telling = recording()
        last = telling.plays()
        list(telling.session.end("the daemon was stopped", NOW + 9))
        effects = list(telling.session.not_stored(last, "The disk is full.", NOW + 10))
        assert effects == [
            Send(Farewell("The disk is full.")),
            LogEvent(EventRecord(NOW + 9, "undelivered", 1, None, {"first": 1, "last": 1})),
            StoreMetadata(telling.session.metadata()),
            Announce(),
        ]
        assert telling.session.metadata().lost.frame_sets == 1
        assert (telling.session.state, telling.session.since) == ("ended", NOW + 9)

    def test_a_set_that_only_lacked_its_screenshot_is_stored_first(self) -> None:
        telling = recording()
        telling.says(*telling.game.frame_set()[:-1])
        assert stored_in(telling.says(Bye("enough"))).frame_set_id == 1
        assert not telling.session.finished

    def test_a_set_in_progress_is_not_kept(self) -> None:
        telling = recording()
        telling.says(*telling.game.frame_set()[:3])
        telling.says(Bye("enough"))
        assert telling.session.metadata().total_frame_sets == 1

    def test_it_ends_once(self) -> None:
        telling = recording()
        list(telling.session.end("first", NOW))
        assert list(telling.session.end("second", NOW + 1)) == []
        assert telling.session.metadata().ended_by == "first"

    def test_a_lost_session_can_end(self) -> None:
        telling = recording()
        list(telling.session.disconnected(NOW + 5, "reset"))
        list(telling.session.end("its emulator did not come back", NOW + 600_000))
        assert telling.session.summary()["ended_by"] == "its emulator did not come back"


class TestLatching:
    def test_what_is_latched_flows_onto_every_set_from_the_one_in_progress_on(self) -> None:
        telling = recording()
        messages = telling.game.frame_set()
        telling.says(*messages[:3])
        assert list(telling.session.latch({"context": "battle"}, "ann", "page")) == [
            Announce(),
            Latched(SetEdit(1, {"context": ""}, {"context": "battle"}), "ann", "page"),
        ]
        for effects in (telling.says(*messages[3:]), telling.says(*telling.game.frame_set())):
            assert [effect.labels for effect in effects if isinstance(effect, StoreSet)] == [
                Annotations(context="battle")
            ]
        assert telling.session.summary()["latched"] == {"context": "battle"}

    def test_the_emulator_shows_what_is_latched(self) -> None:
        telling = recording()
        list(telling.session.latch({"context": "battle", "tags": ("boss", "fire")}, "ann", "page"))
        assert list(telling.session.stored(telling.plays())) == [
            Send(Ack(1, (Command("show", {"text": "battle, boss fire"}),)))
        ]

    def test_what_is_emptied_flows_no_more(self) -> None:
        telling = recording()
        list(telling.session.latch({"context": "battle"}, "ann", "page"))
        list(telling.session.latch({"context": ""}, "ann", "page"))
        (store,) = telling.says(*telling.game.frame_set())
        assert isinstance(store, StoreSet)
        assert store.labels is None

    def test_latching_what_is_latched_changes_nothing(self) -> None:
        telling = recording()
        list(telling.session.latch({"context": "battle"}, "ann", "page"))
        assert list(telling.session.latch({"context": "battle"}, "ben", "page")) == []

    @pytest.mark.parametrize("edit", [{"complete": True}, {"description": "x"}])
    def test_what_is_about_one_set_can_not_be_latched(self, edit: dict[str, Any]) -> None:
        with pytest.raises(LabelError, match="can be latched"):
            list(recording().session.latch(edit, "ann", "page"))

    def test_a_key_in_the_game_window_latches_and_the_same_key_again_does_not(self) -> None:
        telling = recording()
        key = Event(1005, NOW, "latch", {"field": "context", "value": "battle"})
        assert telling.says(key)[-1] == Latched(
            SetEdit(1, {"context": ""}, {"context": "battle"}), "player", "emulator"
        )
        telling.says(key)
        assert telling.session.latched == Annotations()

    @pytest.mark.parametrize(
        "details", [{}, {"field": "tags", "value": "x"}, {"field": "context"}, {"field": 3, "value": "x"}]
    )
    def test_a_key_for_what_can_not_be_latched_by_a_key_does_nothing(self, details: dict[str, Any]) -> None:
        assert recording().says(Event(1005, NOW, "latch", details)) == []

    def test_a_key_with_a_value_that_is_too_long_does_not_stop_the_recording(self) -> None:
        telling = recording()
        (told,) = telling.says(Event(1005, NOW, "latch", {"field": "context", "value": "x" * 201}))
        assert isinstance(told, LogEvent)
        assert "at most 200 characters" in str(told.event.details["text"])
        assert telling.session.latched == Annotations()
        assert telling.plays().frame_set_id == 1

    def test_every_latchable_field_is_a_label(self) -> None:
        assert set(Annotations().as_map()) >= LATCHABLE


def test_a_keyframe_alone_wants_nothing_done() -> None:
    assert Telling().says(Keyframe(0, 0, bytes(16))) == []
