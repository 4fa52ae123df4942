"""One session from HELLO to its end: inputs in, effects out."""

import hashlib
from collections.abc import Iterable
from typing import Any

import pytest

from daemon.alarms.evaluation import Alarm
from daemon.analysis.alarm_rules import parse_alarm
from daemon.analysis.value_types import value_type
from daemon.labels.history import SetEdit
from daemon.recording.effects import (
    Disconnected,
    Effect,
    End,
    Greeted,
    Input,
    Labelled,
    Latch,
    Latched,
    Notify,
    Publish,
    Refresh,
    Reported,
    Send,
    SetAlarms,
)
from daemon.recording.session import LATCHABLE, MEMORY_IMAGE_SETS, Session
from daemon.recording.session_jobs import append_event, append_proof, open_session, refresh_metadata, write_metadata
from daemon.recording.session_state import SessionIdentity
from daemon.writer.jobs import Append, Close, Job, WriteMemory, WriteSet, content_bytes
from protocol.bus.messages import Topic
from protocol.errors import LabelError, SequenceError
from protocol.link.messages import Ack, Bye, Command, Event, Farewell, Frame, Keyframe, Proof, Welcome
from protocol.session.annotations import Annotations, parse_annotations
from protocol.session.events import EventRecord
from protocol.session.flaws import NO_SCREENSHOT
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


NAME = IDENTITY.session_id
OPEN = open_session(Session(IDENTITY, greeting()).metadata())


class Telling:
    """A session, its game, and what the session wants done; lines and the publications of sets are left out."""

    def __init__(self) -> None:
        self.session = Session(IDENTITY, greeting())
        self.session.give_token("c0ffee")
        self.game = Game()

    def says(self, *events: Input, now: int = NOW) -> list[Effect]:
        effects = [effect for event in events for effect in self.session.receive(event, now)]
        return [
            effect
            for effect in effects
            if not isinstance(effect, Notify) and not (isinstance(effect, Publish) and effect.topic == Topic.SET)
        ]

    def plays(self, **how: Any) -> WriteSet:
        """Send a set from the script, which the session wants stored."""
        return stored_in(self.says(*self.game.frame_set(**how)))

    def reports(self, job: Job, refusal: str = "", now: int = NOW) -> list[Effect]:
        """The writer reports a job."""
        return self.says(Reported(job, refusal), now=now)

    def announced(self) -> Publish:
        return Publish(Topic.SESSION, {"session": self.session.summary()})


def stored_in(effects: Iterable[Effect]) -> WriteSet:
    """Return the one frame set that is to be stored."""
    (job,) = [effect for effect in effects if isinstance(effect, WriteSet)]
    return job


def images(effects: Iterable[Effect]) -> list[WriteMemory]:
    """Return the memory images that are to be stored."""
    return [effect for effect in effects if isinstance(effect, WriteMemory)]


def logged(record: EventRecord) -> list[Effect]:
    return [append_event(NAME, record), Publish(Topic.EVENT, {"session": NAME, "event": record.as_map()})]


def recording() -> Telling:
    """A session whose first set is stored."""
    telling = Telling()
    telling.reports(OPEN)
    telling.reports(telling.plays())
    return telling


class TestOpening:
    def test_its_folder_must_be_there_before_it_is_announced_and_welcomed(self) -> None:
        telling = Telling()
        assert telling.says(Greeted()) == [open_session(telling.session.metadata())]
        assert telling.reports(OPEN) == [
            telling.announced(),
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
        assert [type(effect) for effect in effects] == [WriteSet]
        assert telling.reports(stored_in(effects)) == [Send(Ack(1))]

    def test_a_set_that_the_disk_has_already_is_acknowledged_at_once(self) -> None:
        telling = recording()
        assert telling.says(*telling.game.again(0)) == [Send(Ack(0))]

    def test_the_first_set_comes_with_an_image_of_memory_and_then_one_a_minute(self) -> None:
        telling = Telling()
        imaged = [
            effect.number
            for _ in range(MEMORY_IMAGE_SETS + 2)
            for effect in telling.says(*telling.game.frame_set(screenshot=False))
            if isinstance(effect, WriteMemory)
        ]
        assert imaged == [0, MEMORY_IMAGE_SETS]

    def test_the_image_is_memory_as_it_was_after_the_set(self) -> None:
        telling = Telling()
        _, image = telling.says(*telling.game.frame_set())
        assert image == WriteMemory(NAME, 0, telling.game.image())

    def test_stored_sets_are_counted(self) -> None:
        telling = recording()
        telling.reports(telling.plays())
        telling.reports(telling.plays(interruption="savestate", screenshot=False))
        telling.reports(telling.plays(screenshot=False))
        metadata = telling.session.metadata()
        assert (metadata.total_frame_sets, metadata.first_set, metadata.last_set) == (4, 0, 3)
        assert metadata.lost == GapCount(frame_sets=0, screenshots=1, flawed=2)

    def test_an_event_is_logged_with_the_set_that_was_open(self) -> None:
        event = Event(1005, NOW + 9, "savestate_loaded", {"slot": 3})
        assert recording().says(event) == logged(EventRecord(NOW + 9, "savestate_loaded", 1, 1005, {"slot": 3}))

    def test_a_gap_is_logged_and_counted(self) -> None:
        telling = recording()
        telling.game.frame_set()
        telling.game.frame_set()
        keyframes = telling.game.keyframes()
        log, publication, store, image = telling.says(*keyframes, *telling.game.frame_set())
        assert [log, publication] == logged(EventRecord(NOW, "gap", 1, None, {"first": 1, "last": 2}))
        assert stored_in([store]).number == 3
        assert image == WriteMemory(NAME, 3, telling.game.image())
        assert telling.session.metadata().lost.frame_sets == 2

    @pytest.mark.parametrize("lost", [1, 5, 20])
    def test_after_a_gap_there_is_no_image_before_every_chunk_was_sent(self, lost: int) -> None:
        telling = recording()
        for _ in range(lost):
            telling.game.frame_set()
        stale = telling.game.image()
        telling.game.frame_set()
        telling.says(Disconnected("reset"), Greeted())
        telling.reports(OPEN)
        resent = telling.says(*telling.game.again(lost + 1))
        assert stored_in(resent).rebaselined
        assert images(resent) == []
        assert stale != telling.game.image()
        assert images(telling.says(*telling.game.keyframes()[1:], *telling.game.frame_set())) == []
        live = telling.says(telling.game.keyframes()[0], *telling.game.frame_set())
        assert images(live) == [WriteMemory(NAME, lost + 3, telling.game.image())]

    def test_keyframes_of_before_a_gap_say_nothing_of_memory_after_it(self) -> None:
        telling = recording()
        telling.says(*telling.game.keyframes(), *telling.game.frame_set())
        for _ in range(20):
            telling.game.frame_set()
        assert images(telling.says(*telling.game.frame_set(), *telling.game.frame_set())) == []

    def test_there_is_no_image_while_a_mirror_differs(self) -> None:
        telling = recording()
        telling.says(Proof(0, 1, "0" * 64))
        sets = [telling.game.frame_set(screenshot=False) for _ in range(MEMORY_IMAGE_SETS + 2)]
        assert [image for each in sets for image in images(telling.says(*each))] == []
        keyframe = next(each for each in telling.game.keyframes() if (each.region, each.chunk) == (0, 1))
        assert len(images(telling.says(keyframe, *telling.game.frame_set()))) == 1

    def test_a_proof_ends_the_doubt_about_its_chunk(self) -> None:
        telling = recording()
        telling.says(Proof(0, 1, "0" * 64))
        keyframe = next(each for each in telling.game.keyframes() if (each.region, each.chunk) == (0, 1))
        telling.says(Proof(0, 1, hashlib.sha256(keyframe.words).hexdigest().upper()))
        sets = [telling.game.frame_set(screenshot=False) for _ in range(MEMORY_IMAGE_SETS + 1)]
        assert len([image for each in sets for image in images(telling.says(*each))]) == 1

    def test_a_mirror_that_differs_is_logged_and_the_script_is_asked_for_keyframes(self) -> None:
        telling = recording()
        assert telling.says(Proof(0, 1, "0" * 64)) == [
            *logged(EventRecord(NOW, "mirror_differs", 1, None, {"region": "iwram", "chunk": 1})),
            append_proof(NAME, ProofRecord(0, 1004, "iwram", 1, "0" * 64)),
        ]
        assert telling.reports(telling.plays()) == [Send(Ack(1, (Command("keyframes", {}),)))]
        assert telling.reports(telling.plays()) == [Send(Ack(2))]

    def test_a_command_travels_with_the_next_acknowledgement(self) -> None:
        telling = recording()
        telling.says(Latch({"context": "battle"}, "ann", "page"), Proof(0, 1, "0" * 64))
        assert telling.reports(telling.plays()) == [
            Send(Ack(1, (Command("show", {"text": "battle"}), Command("keyframes", {}))))
        ]

    def test_of_commands_of_one_name_only_the_last_travels(self) -> None:
        telling = recording()
        for number in range(100):
            telling.says(Latch({"context": str(number)}, "ann", "page"))
        assert telling.reports(telling.plays()) == [Send(Ack(1, (Command("show", {"text": "99"}),)))]

    def test_a_message_without_a_place_is_the_scripts_fault(self) -> None:
        with pytest.raises(SequenceError):
            recording().says(Frame(1, 3, 2000, NOW, 0, 0, ()))


class TestLosingTheEmulator:
    def test_the_session_waits(self) -> None:
        telling = recording()
        assert telling.says(Disconnected("reset by peer"), now=NOW + 5) == [
            telling.announced(),
            *logged(EventRecord(NOW + 5, "connection_lost", 1, None, {"reason": "reset by peer"})),
        ]
        assert (telling.session.state, telling.session.since) == ("lost", NOW + 5)

    def test_a_connection_is_lost_once(self) -> None:
        telling = recording()
        telling.says(Disconnected("reset"), now=NOW + 5)
        assert telling.says(Disconnected("reset"), now=NOW + 6) == []

    def test_what_the_script_counted_and_did_not_deliver_is_lost_until_it_comes_back(self) -> None:
        telling = recording()
        effects = telling.says(Bye("enough", next_set=4))
        assert effects[:2] == logged(EventRecord(NOW, "undelivered", 1, None, {"first": 1, "last": 3}))
        assert telling.session.metadata().lost.frame_sets == 3
        assert telling.session.summary()["lost_sets"] == 3
        telling.says(Greeted())
        assert telling.session.metadata().lost.frame_sets == 0

    def test_a_goodbye_after_the_last_set_loses_nothing(self) -> None:
        telling = recording()
        assert telling.says(Bye("enough", next_set=1)) == [
            write_metadata(telling.session.metadata()),
            telling.announced(),
            Close(NAME),
        ]
        assert telling.session.metadata().lost.frame_sets == 0

    def test_a_set_that_only_lacked_its_screenshot_is_stored(self) -> None:
        telling = recording()
        telling.says(*telling.game.frame_set()[:-1])
        kept = stored_in(telling.says(Disconnected("reset"), now=NOW + 5))
        assert (kept.number, kept.flaws[0]) == (1, NO_SCREENSHOT)

    def test_a_new_connection_goes_on_with_the_set_in_progress(self) -> None:
        telling = recording()
        messages = telling.game.frame_set()
        telling.says(*messages[:3])
        telling.says(Disconnected("reset"), now=NOW + 5)
        *_, welcome = telling.reports(OPEN, now=NOW + 7)
        assert welcome == Send(Welcome("20260102-030405-tiny", "c0ffee", 1))
        assert (telling.session.state, telling.session.since) == ("live", NOW + 7)
        assert stored_in(telling.says(*telling.game.again(1))).number == 1


class TestTheDiskRefuses:
    def test_the_script_is_sent_away_and_the_session_goes_back_to_that_set(self) -> None:
        telling = recording()
        refused = telling.plays()
        assert telling.reports(refused, "The disk is full.", NOW + 5) == [
            Send(Farewell("The disk is full.")),
            telling.announced(),
        ]
        assert telling.session.state == "lost"
        assert telling.session.next_set == 1

    def test_sets_behind_it_are_refused_with_it_and_all_come_again(self) -> None:
        telling = recording()
        first, second = telling.plays(), telling.plays()
        telling.reports(first, "The disk is full.", NOW + 5)
        assert telling.reports(second, "The disk is full.", NOW + 5) == [Send(Farewell("The disk is full."))]
        *_, welcome = telling.reports(OPEN, now=NOW + 7)
        assert welcome == Send(Welcome("20260102-030405-tiny", "c0ffee", 1))
        again = [stored_in(telling.says(*telling.game.again(number))) for number in (1, 2)]
        for frame_set in again:
            telling.reports(frame_set)
        assert telling.session.metadata().total_frame_sets == 3

    def test_what_was_stored_before_stays_counted(self) -> None:
        telling = recording()
        telling.reports(telling.plays(), "no")
        assert telling.session.metadata().last_set == 0


class TestMetadataKeepUp:
    def test_they_are_written_where_something_is_new(self) -> None:
        telling = recording()
        assert telling.says(Refresh()) == [refresh_metadata(telling.session.metadata())]
        assert telling.session.metadata().total_frame_sets == 1
        assert telling.says(Refresh()) == []
        telling.reports(telling.plays())
        assert len(telling.says(Refresh())) == 1

    def test_not_of_a_session_that_waits_for_its_emulator(self) -> None:
        telling = recording()
        telling.says(Disconnected("the cable was pulled"), now=NOW)
        assert telling.says(Refresh()) == []


class TestEnding:
    def test_the_scripts_goodbye_ends_it(self) -> None:
        telling = recording()
        assert telling.says(Bye("the script was stopped")) == [
            write_metadata(telling.session.metadata()),
            telling.announced(),
            Close(NAME),
        ]
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
        assert telling.says(End("the daemon was stopped"), now=NOW + 9) == []
        assert telling.reports(last) == [Send(Ack(1))]
        assert telling.reports(very_last) == [
            Send(Ack(2)),
            write_metadata(telling.session.metadata()),
            telling.announced(),
            Close(NAME),
        ]
        assert telling.session.finished
        assert telling.session.metadata().total_frame_sets == 3

    def test_it_is_over_when_the_last_set_could_not_be_stored(self) -> None:
        telling = recording()
        last = telling.plays()
        telling.says(End("the daemon was stopped"), now=NOW + 9)
        effects = telling.reports(last, "The disk is full.", NOW + 10)
        assert effects == [
            Send(Farewell("The disk is full.")),
            *logged(EventRecord(NOW + 9, "undelivered", 1, None, {"first": 1, "last": 1})),
            write_metadata(telling.session.metadata()),
            telling.announced(),
            Close(NAME),
        ]
        assert telling.session.metadata().lost.frame_sets == 1
        assert (telling.session.state, telling.session.since) == ("ended", NOW + 9)

    def test_a_set_that_only_lacked_its_screenshot_is_stored_first(self) -> None:
        telling = recording()
        telling.says(*telling.game.frame_set()[:-1])
        assert stored_in(telling.says(Bye("enough"))).number == 1
        assert not telling.session.finished

    def test_a_set_in_progress_is_not_kept(self) -> None:
        telling = recording()
        telling.says(*telling.game.frame_set()[:3])
        telling.says(Bye("enough"))
        assert telling.session.metadata().total_frame_sets == 1

    def test_it_ends_once(self) -> None:
        telling = recording()
        telling.says(End("first"), now=NOW)
        assert telling.says(End("second"), now=NOW + 1) == []
        assert telling.session.metadata().ended_by == "first"

    def test_a_lost_session_can_end(self) -> None:
        telling = recording()
        telling.says(Disconnected("reset"), now=NOW + 5)
        telling.says(End("its emulator did not come back"), now=NOW + 600_000)
        assert telling.session.summary()["ended_by"] == "its emulator did not come back"


class TestLatching:
    def test_what_is_latched_flows_onto_every_set_from_the_one_in_progress_on(self) -> None:
        telling = recording()
        messages = telling.game.frame_set()
        telling.says(*messages[:3])
        assert telling.says(Latch({"context": "battle"}, "ann", "page")) == [
            telling.announced(),
            Latched(SetEdit(1, {"context": ""}, {"context": "battle"}), "ann", "page"),
        ]
        for effects in (telling.says(*messages[3:]), telling.says(*telling.game.frame_set())):
            assert parse_annotations(content_bytes(stored_in(effects).labels)) == Annotations(context="battle")
        assert telling.session.summary()["latched"] == {"context": "battle"}

    def test_the_emulator_shows_what_is_latched(self) -> None:
        telling = recording()
        telling.says(Latch({"context": "battle", "tags": ("boss", "fire")}, "ann", "page"))
        assert telling.reports(telling.plays()) == [Send(Ack(1, (Command("show", {"text": "battle, boss fire"}),)))]

    def test_what_is_emptied_flows_no_more(self) -> None:
        telling = recording()
        telling.says(Latch({"context": "battle"}, "ann", "page"))
        telling.says(Latch({"context": ""}, "ann", "page"))
        (store,) = telling.says(*telling.game.frame_set())
        assert isinstance(store, WriteSet)
        assert store.labels == b""

    def test_latching_what_is_latched_changes_nothing(self) -> None:
        telling = recording()
        telling.says(Latch({"context": "battle"}, "ann", "page"))
        assert telling.says(Latch({"context": "battle"}, "ben", "page")) == []

    @pytest.mark.parametrize("edit", [{"complete": True}, {"description": "x"}])
    def test_what_is_about_one_set_cannot_be_latched(self, edit: dict[str, Any]) -> None:
        with pytest.raises(LabelError, match="can be latched"):
            recording().says(Latch(edit, "ann", "page"))

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
    def test_a_key_for_what_cannot_be_latched_by_a_key_does_nothing(self, details: dict[str, Any]) -> None:
        assert recording().says(Event(1005, NOW, "latch", details)) == []

    def test_a_key_with_a_value_that_is_too_long_does_not_stop_the_recording(self) -> None:
        telling = recording()
        log, _ = telling.says(Event(1005, NOW, "latch", {"field": "context", "value": "x" * 201}))
        assert isinstance(log, Append)
        assert b"at most 200 characters" in content_bytes(log.line)
        assert telling.session.latched == Annotations()
        assert telling.plays().number == 1

    def test_every_latchable_field_is_a_label(self) -> None:
        assert set(Annotations().as_map()) >= LATCHABLE


def test_a_keyframe_alone_wants_nothing_done() -> None:
    assert Telling().says(Keyframe(0, 0, bytes(16))) == []


def alarm(text: str, name: str = "hp", address: int = 0x0300_0004) -> Alarm:
    return Alarm(name, address, parse_alarm(text, value_type("u32")))


class TestAlarms:
    """Every word of the game changes now and then: an alarm on one of them fires as its rows say."""

    def fires(self, text: str, sets: int = 60) -> tuple[Telling, list[Effect]]:
        """Play with one alarm; return what the reports of stored sets brought, the acknowledgements among it."""
        telling = recording()
        telling.says(SetAlarms((alarm(text),)))
        return telling, [effect for _ in range(sets) for effect in telling.reports(telling.plays())]

    def test_a_mark_is_dropped_after_the_acknowledgement_where_the_value_changed(self) -> None:
        telling, effects = self.fires("changed")
        row = next(row for row in telling.game.rows if row.address == 0x0300_0004 and row.frame_set_id > 0)
        acknowledged = [index for index, effect in enumerate(effects) if effect == Send(Ack(row.frame_set_id))]
        first = next(index for index, effect in enumerate(effects) if isinstance(effect, Append))
        assert first == acknowledged[0] + 1
        details: dict[str, str | int] = {
            "alarm": "hp changed",
            "name": "hp",
            "address": 0x0300_0004,
            "before": row.previous,
            "value": row.current,
        }
        assert effects[first : first + 2] == logged(EventRecord(NOW, "mark", row.frame_set_id, row.frame, details))

    def test_a_latch_has_the_rule_as_its_person_and_alarm_as_its_origin(self) -> None:
        telling, effects = self.fires("changed then latch context=danger")
        [latched] = [effect for effect in effects if isinstance(effect, Latched)]
        assert (latched.who, latched.origin, latched.edit.after) == ("hp changed", "alarm", {"context": "danger"})
        assert telling.session.summary()["latched"] == {"context": "danger"}
        published = [effect for effect in effects if isinstance(effect, Publish) and effect.topic == Topic.EVENT]
        assert {effect.body["event"]["name"] for effect in published} == {"alarm"}

    def test_a_latched_tag_comes_to_those_that_are_latched(self) -> None:
        telling = recording()
        telling.says(Latch({"tags": ("boss",)}, "ann", "page"))
        telling.says(SetAlarms((alarm("changed then latch tags=hurt"),)))
        for _ in range(60):
            telling.reports(telling.plays())
        assert telling.session.latched.tags == ("boss", "hurt")

    def test_a_label_is_for_the_frame_set_in_which_it_happened(self) -> None:
        telling, effects = self.fires("changed then label outcome=lost")
        row = next(row for row in telling.game.rows if row.address == 0x0300_0004 and row.frame_set_id > 0)
        labelled = next(effect for effect in effects if isinstance(effect, Labelled))
        assert labelled == Labelled(row.frame_set_id, {"outcome": "lost"}, "hp changed", "alarm")

    def test_a_value_in_two_words_fires_with_the_first_change_of_either(self) -> None:
        telling = recording()
        telling.says(SetAlarms((alarm("changed", address=0x0300_0006),)))
        effects = [effect for _ in range(60) for effect in telling.reports(telling.plays())]
        bits = {0x0300_0004: 0xFFFF_0000, 0x0300_0008: 0x0000_FFFF}
        row = next(
            row
            for row in telling.game.rows
            if row.frame_set_id > 0 and (row.previous ^ row.current) & bits.get(row.address, 0)
        )
        published = [effect for effect in effects if isinstance(effect, Publish) and effect.topic == Topic.EVENT]
        event = published[0].body["event"]
        assert (event["name"], event["frame_set_id"], event["frame"]) == ("mark", row.frame_set_id, row.frame)

    def test_alarms_that_are_taken_away_fire_no_more(self) -> None:
        telling, _ = self.fires("changed", sets=5)
        telling.says(SetAlarms(()))
        assert not any(isinstance(effect, Append) for _ in range(60) for effect in telling.reports(telling.plays()))

    def test_the_person_hears_of_the_first_ones_and_then_of_every_hundredth(self) -> None:
        telling = recording()
        alarms = [alarm("changed", f"v{number}", 0x0300_0000 + 4 * number) for number in range(18)]
        telling.says(SetAlarms(tuple(alarms)))
        lines = []
        for _ in range(200):
            job = telling.plays()
            lines += [
                effect.text for effect in telling.session.receive(Reported(job), NOW) if isinstance(effect, Notify)
            ]
        assert all("fired the alarm v" in line for line in lines)
        assert 3 < len(lines) < 20
