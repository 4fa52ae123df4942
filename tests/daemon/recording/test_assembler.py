"""Messages of the link become frame sets."""

import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.recording.assembler import Assembled, Assembler, AssemblerInput, Gap, LateSet, MirrorDiffers
from protocol.errors import MessageError, SequenceError
from protocol.link.connection import Screenshot
from protocol.link.messages import ChunkChanges, Frame, Hello, Keyframe, Proof, SetEnd
from protocol.regions import ScanMode
from protocol.session.event_json import event_json
from protocol.session.flaws import NO_SCREENSHOT, UNDRAWN
from protocol.session.frame_set import FrameSet
from tests.fakes.game import BUTTONS, ODD_REGIONS, Game, greeting
from tests.fakes.screenshots import png

WRONG_PNG = Screenshot(png(1)[:60])


def feed(assembler: Assembler, messages: Iterable[AssemblerInput]) -> list[Assembled]:
    return [assembled for message in messages for assembled in assembler.receive(message)]


def frame_set(assembler: Assembler, messages: Iterable[AssemblerInput]) -> FrameSet:
    """Feed the messages of one set, which must give one set and nothing else."""
    (assembled,) = feed(assembler, messages)
    assert isinstance(assembled, FrameSet)
    return assembled


def without_keyframes(messages: Iterable[AssemblerInput]) -> list[AssemblerInput]:
    return [message for message in messages if not isinstance(message, Keyframe)]


def in_set(messages: Iterable[AssemblerInput], number: int) -> list[AssemblerInput]:
    """Give messages of a set another number."""
    return [replace(message, set=number) if isinstance(message, Frame | SetEnd) else message for message in messages]


class TestWholeSet:
    @pytest.mark.parametrize("mode", ScanMode)
    @pytest.mark.parametrize("frames_per_set", [5, 1, 3])
    @given(seed=st.integers(0, 1 << 20))
    def test_it_holds_every_change_that_the_game_made(self, mode: ScanMode, frames_per_set: int, seed: int) -> None:
        self.assert_every_change(greeting(scan_mode=mode, frames_per_set=frames_per_set), seed)

    @pytest.mark.parametrize("mode", ScanMode)
    @given(seed=st.integers(0, 1 << 20))
    def test_it_does_so_in_chunks_of_other_sizes(self, mode: ScanMode, seed: int) -> None:
        self.assert_every_change(greeting(scan_mode=mode, regions=ODD_REGIONS), seed)

    def assert_every_change(self, hello: Hello, seed: int) -> None:
        game, assembler = Game(hello, seed), Assembler(hello)
        for number in range(3):
            assembled = frame_set(assembler, game.frame_set())
            assert (assembled.frame_set_id, assembled.flaws, assembled.png) == (number, (), png(number))
            assert json.loads(event_json(assembled))["memory_changes"] == [
                {
                    "region": row.region,
                    "frame": row.frame,
                    "address": f"{row.address:08X}",
                    "prev_val": f"{row.previous:08X}",
                    "curr_val": f"{row.current:08X}",
                    "freq": game.freq(row),
                }
                for row in game.rows
                if row.frame_set_id == number
            ]

    def test_it_counts_changes_over_a_hundred_frames_of_many_sets(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        sets = [frame_set(assembler, game.frame_set()) for _ in range(60)]
        counted = [freq for one in sets for scan in one.changes for freq in scan.freq.tolist()]
        assert counted == [game.freq(row) for row in game.rows]
        assert max(counted) > 2

    def test_its_frames_have_their_buttons_and_what_was_pressed_before(self) -> None:
        game, assembler = Game(seed=5), Assembler(greeting())
        frames = [frame for _ in range(6) for frame in frame_set(assembler, game.frame_set()).frames]
        names = [
            "+".join(name for bit, name in enumerate(BUTTONS) if game.pressed[frame.frame] >> bit & 1)
            for frame in frames
        ]
        assert [frame.current_keys for frame in frames] == names
        entered = [names[0], *(now for before, now in pairwise(names) if now != before)]
        assert len(entered) > 5
        assert frames[-1].key_history == tuple(name or "None" for name in entered[-5:])

    def test_the_first_sight_of_a_word_is_not_a_change(self) -> None:
        assert frame_set(Assembler(greeting()), Game().frame_set()).changes == ()

    def test_changes_stand_in_the_order_of_regions_and_chunks_however_they_came(self) -> None:
        hello = greeting(scan_mode=ScanMode.FULL)
        game, assembler = Game(hello), Assembler(hello)
        messages = [
            replace(message, changes=message.changes[::-1]) if isinstance(message, Frame) else message
            for message in game.frame_set()
        ]
        order = [(scan.frame, scan.region != "iwram", scan.chunk) for scan in frame_set(assembler, messages).changes]
        assert len(order) > 5
        assert order == sorted(order)

    def test_there_is_a_memory_image_once_everything_was_seen(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        feed(assembler, game.frame_set()[:4])
        assert assembler.memory_image() is None

        game, assembler = Game(), Assembler(greeting())
        for _ in range(3):
            feed(assembler, game.frame_set())
        assert assembler.memory_image() == game.image()


class TestScreenshots:
    def test_a_set_waits_for_the_screenshot_that_was_announced(self) -> None:
        assembler = Assembler(greeting())
        *messages, screenshot = Game().frame_set()
        assert feed(assembler, messages) == []
        assert frame_set(assembler, [screenshot]).png == png(0)

    def test_a_screenshot_that_never_comes_is_replaced_by_the_closest_earlier_one(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        feed(assembler, game.frame_set())
        feed(assembler, game.frame_set())
        feed(assembler, game.frame_set()[:-1])
        (without,) = feed(assembler, game.frame_set()[:1])
        assert isinstance(without, FrameSet)
        assert without.png == png(1)
        assert without.flaws == (NO_SCREENSHOT, "its screenshot is that of frame set 1")

    def test_a_screenshot_that_is_not_announced_is_replaced_as_well(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        feed(assembler, game.frame_set())
        without = frame_set(assembler, game.frame_set(screenshot=False))
        assert (without.png, without.flaws) == (png(0), (NO_SCREENSHOT, "its screenshot is that of frame set 0"))

    def test_without_an_earlier_one_there_is_none(self) -> None:
        without = frame_set(Assembler(greeting()), Game().frame_set(screenshot=False))
        assert (without.png, without.flaws) == (b"", (NO_SCREENSHOT,))

    def test_a_screenshot_that_cannot_be_read_is_replaced_and_said_so(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        feed(assembler, game.frame_set())
        odd = frame_set(assembler, [*game.frame_set()[:-1], WRONG_PNG])
        assert odd.png == png(0)
        assert odd.flaws == ("the screenshot is not a readable PNG", "its screenshot is that of frame set 0")

    def test_one_that_may_be_old_is_flagged(self) -> None:
        *messages, end, screenshot = Game().frame_set()
        assert isinstance(end, SetEnd)
        flagged = frame_set(Assembler(greeting()), [*messages, replace(end, undrawn=True), screenshot])
        assert flagged.flaws == (UNDRAWN,)

    def test_a_change_of_their_size_is_flagged_where_it_happens(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        sizes = [(240, 160), (480, 320), (480, 320), (240, 160)]
        flaws = [
            frame_set(assembler, [*game.frame_set()[:-1], Screenshot(png(shade, size))]).flaws
            for shade, size in enumerate(sizes)
        ]
        text = "its screenshot has another size than the one before: "
        assert flaws == [(), (f"{text}480x320, not 240x160 pixels",), (), (f"{text}240x160, not 480x320 pixels",)]

    def test_a_screenshot_that_nobody_announced_is_ignored(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        assert feed(assembler, [Screenshot(png(9))]) == []
        assert frame_set(assembler, game.frame_set()).png == png(0)
        assert feed(assembler, [Screenshot(png(9))]) == []


class TestFlaws:
    @pytest.mark.parametrize("reason", ["savestate", "reset", "rewind", "rom", "jump"])
    def test_a_set_that_was_cut_short_says_why(self, reason: str) -> None:
        cut = frame_set(Assembler(greeting()), Game().frame_set(frames=2, interruption=reason))
        assert cut.flaws == (f"it was cut short: {reason}",)
        assert len(cut.frames) == 2
        assert cut.interruption == reason

    @pytest.mark.parametrize("screenshot", [False, True])
    def test_the_set_during_which_a_recording_was_ended_in_order_is_no_flaw(self, screenshot: bool) -> None:
        game, assembler = Game(), Assembler(greeting())
        feed(assembler, game.frame_set())
        cut = frame_set(assembler, game.frame_set(frames=2, interruption="stop", screenshot=screenshot))
        assert (cut.flaws, cut.whole, cut.interruption, len(cut.frames)) == ((), True, "stop", 2)
        assert cut.png == (png(1) if screenshot else b"")

    def test_a_set_that_lacks_frames_says_how_many(self) -> None:
        assert frame_set(Assembler(greeting()), Game().frame_set(frames=4)).flaws == ("it has 4 of 5 frames",)

    def test_frames_that_are_not_consecutive_are_said_once(self) -> None:
        messages = [
            replace(message, frame=2 * message.frame) if isinstance(message, Frame) else message
            for message in Game().frame_set()
        ]
        assert frame_set(Assembler(greeting()), messages).flaws == ("its frames are not consecutive",)

    def test_the_set_behind_a_flawed_one_is_whole(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        feed(assembler, game.frame_set(frames=2, interruption="reset"))
        assert frame_set(assembler, game.frame_set()).whole


class TestDiscontinuities:
    def test_counts_begin_anew_where_frame_numbers_jump(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        for _ in range(20):
            feed(assembler, game.frame_set())
        game.rows.clear()
        game.frame = 100
        behind = frame_set(assembler, game.frame_set())
        counted = [freq for scan in behind.changes for freq in scan.freq.tolist()]
        assert counted == [game.freq(row) for row in game.rows]

    def test_counts_begin_anew_where_frame_numbers_jump_within_a_set(self) -> None:
        hello = greeting(scan_mode=ScanMode.FULL)
        assembler = Assembler(hello)
        busy = (ChunkChanges(0, 0, b"\0\0", b"\1\0\0\0", b"\2\0\0\0"),)
        numbers = [1_000_000, 1_000_001, 3, 4, 5]
        frames = [Frame(0, place, number, 0, 0, 0, busy) for place, number in enumerate(numbers)]
        assembled = frame_set(assembler, [*frames, SetEnd(0, "", screenshot=False)])
        assert [scan.freq.tolist() for scan in assembled.changes] == [[1], [2], [1], [2], [3]]


class TestGapsAndLateSets:
    def test_sets_that_never_come_are_a_gap(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        feed(assembler, game.frame_set())
        feed(assembler, game.keyframes())
        for _ in range(3):
            game.frame_set()
        gap, assembled = feed(assembler, [*game.keyframes(), *without_keyframes(game.frame_set())])
        assert gap == Gap(1, 3)
        assert isinstance(assembled, FrameSet)
        assert assembled.frame_set_id == 4
        assert assembler.next_set == 5

    def test_a_gap_can_be_at_the_very_beginning(self) -> None:
        gap, _ = feed(Assembler(greeting()), in_set(Game().frame_set(), 7))
        assert gap == Gap(0, 6)

    def test_what_was_begun_of_a_set_that_is_in_the_gap_is_forgotten(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        feed(assembler, game.frame_set()[:3])
        again = [*game.keyframes(), *without_keyframes(game.frame_set())]
        _, assembled = feed(assembler, again)
        assert isinstance(assembled, FrameSet)
        assert len(assembled.frames) == 5

    def test_a_set_that_is_stored_already_is_late(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        first = game.frame_set()
        feed(assembler, [*first, *game.frame_set()])
        assert feed(assembler, first) == [LateSet(0)]
        assert assembler.next_set == 2

    def test_an_assembler_can_begin_anywhere(self) -> None:
        assembler = Assembler(greeting(), next_set=12)
        assert feed(assembler, Game().frame_set()) == [LateSet(0)]
        assert frame_set(assembler, in_set(Game().frame_set(), 12)).frame_set_id == 12


class TestLostConnections:
    @pytest.mark.parametrize("mode", ScanMode)
    @pytest.mark.parametrize("got_through", [0, 1, 3, 5, 6])
    def test_a_set_that_is_sent_again_is_the_same_set(self, mode: ScanMode, got_through: int) -> None:
        hello = greeting(scan_mode=mode)
        game, broken, unbroken = Game(hello), Assembler(hello), Assembler(hello)
        for _ in range(4):
            before = game.frame_set(screenshot=False)
            feed(broken, before)
            feed(unbroken, before)
        lost = game.frame_set(screenshot=False)
        undisturbed = frame_set(unbroken, lost)
        assert undisturbed.changes

        feed(broken, lost[:got_through] if got_through < 6 else lost[:-1])
        assert broken.disconnected() is None
        resent = frame_set(broken, game.again(4))

        assert event_json(resent) == event_json(undisturbed)
        assert [scan.chunk for scan in resent.changes] == [scan.chunk for scan in undisturbed.changes]

        feed(broken, game.keyframes())
        after = game.frame_set()
        assert event_json(frame_set(broken, after)) == event_json(frame_set(unbroken, after))

    def test_a_set_that_is_sent_again_may_bring_its_screenshot(self) -> None:
        game = Game()
        game.frame_set()
        brought = SetEnd(0, "", screenshot=False, png=png(7))
        resent = frame_set(Assembler(greeting()), [*game.again(0)[:-1], brought])
        assert (resent.png, resent.flaws) == (png(7), ())

    def test_what_a_set_brings_that_is_no_screenshot_is_a_flaw(self) -> None:
        game = Game()
        game.frame_set()
        brought = SetEnd(0, "", screenshot=False, png=b"GIF89a")
        resent = frame_set(Assembler(greeting()), [*game.again(0)[:-1], brought])
        assert (resent.png, resent.flaws) == (b"", ("the screenshot is not a readable PNG",))

    def test_another_assembler_makes_the_same_changes_of_it(self) -> None:
        game, known = Game(), Assembler(greeting())
        for _ in range(3):
            told = game.frame_set(screenshot=False)
            assembled = frame_set(known, told)
        resent = frame_set(Assembler(greeting(), next_set=2), game.again(2))
        for one, other in zip(resent.changes, assembled.changes, strict=True):
            assert one.addresses.tolist() == other.addresses.tolist()
            assert one.previous.tolist() == other.previous.tolist()
            assert one.current.tolist() == other.current.tolist()

    def test_a_set_that_only_waited_for_its_screenshot_is_kept(self) -> None:
        assembler = Assembler(greeting())
        feed(assembler, Game().frame_set()[:-1])
        kept = assembler.disconnected()
        assert kept is not None
        assert (kept.frame_set_id, kept.flaws) == (0, (NO_SCREENSHOT,))
        assert assembler.next_set == 1

    def test_a_set_in_progress_is_not(self) -> None:
        assembler = Assembler(greeting())
        feed(assembler, Game().frame_set()[:4])
        assert assembler.disconnected() is None
        assert assembler.next_set == 0


class TestProofs:
    def test_a_proof_that_agrees_is_silent(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        feed(assembler, [*game.frame_set(), *game.frame_set()])
        digest = Assembler(greeting())
        feed(digest, game.keyframes())
        proof = Proof(1, 2, digest._memory.sha256(1, 2) or "")
        assert feed(assembler, [proof]) == []

    def test_a_proof_that_differs_is_a_flaw_of_the_set_in_progress(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        feed(assembler, game.frame_set())
        assert feed(assembler, [Proof(1, 2, "0" * 64)]) == [MirrorDiffers("ewram", 2)]
        odd = frame_set(assembler, game.frame_set())
        assert odd.flaws == ("the daemon's copy of memory differed from the emulator's",)

    def test_a_proof_of_what_was_never_seen_says_nothing(self) -> None:
        assert feed(Assembler(greeting()), [Proof(0, 0, "0" * 64)]) == []


def frame(position: int = 0, *changes: ChunkChanges, number: int = 0) -> Frame:
    return Frame(number, position, 100 + position, 0, 0, 0, changes)


def one_word(chunk: int, region: int = 0) -> ChunkChanges:
    return ChunkChanges(region, chunk, b"\0\0", b"\1\0\0\0", b"")


class TestWhatHasNoPlace:
    @pytest.mark.parametrize("positions", [[1], [0, 2], [0, 0], [0, 1, 2, 3, 4, 5]])
    def test_a_frame_out_of_its_place(self, positions: list[int]) -> None:
        with pytest.raises(SequenceError, match="came where frame"):
            feed(Assembler(greeting()), map(frame, positions))

    def test_changes_before_their_keyframe(self) -> None:
        with pytest.raises(SequenceError, match="before its keyframe"):
            feed(Assembler(greeting()), [frame(0, one_word(0))])

    @pytest.mark.parametrize(
        ("mode", "chunk"), [(ScanMode.CHUNKED, 1), (ScanMode.ATOMIC, 0), (ScanMode.FULL, 5), (ScanMode.CHUNKED, 99)]
    )
    def test_changes_of_a_chunk_that_is_not_scanned_then(self, mode: ScanMode, chunk: int) -> None:
        with pytest.raises(SequenceError, match=f"chunk {chunk} is not scanned at position 0"):
            feed(Assembler(greeting(scan_mode=mode)), [frame(0, one_word(chunk))])

    def test_more_changes_than_a_set_can_have(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("daemon.recording.assembler.MAX_SET_CHANGES", 4)
        with pytest.raises(MessageError, match="has more than 4 changes"):
            feed(Assembler(greeting(scan_mode=ScanMode.FULL)), Game(greeting(scan_mode=ScanMode.FULL)).frame_set() * 9)

    def test_more_changes_than_are_counted_make_counts_low_and_the_set_says_so(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        game = Game(greeting(scan_mode=ScanMode.FULL))
        assembler = Assembler(game.hello)
        assert frame_set(assembler, game.frame_set()).flaws == ()
        monkeypatch.setattr("daemon.recording.assembler.MAX_COUNTED", 8)
        for _ in range(3):
            after = frame_set(assembler, without_keyframes(game.frame_set()))
        assert after.flaws == ("its change counts may be too low: more changed than is counted",)
        assert sum(window.kept for window in assembler._windows) <= 8

    def test_the_same_chunk_twice_in_one_frame(self) -> None:
        with pytest.raises(SequenceError, match="names chunk 0 of region 1 twice"):
            feed(Assembler(greeting()), [Keyframe(1, 0, bytes(20)), frame(0, one_word(0, 1), one_word(0, 1))])

    @pytest.mark.parametrize(
        "message",
        [
            Keyframe(2, 0, b""),
            Keyframe(0, 0, b"\0\0\0\0"),
            Proof(0, 5, "0" * 64),
            frame(0, one_word(0, region=2)),
            SetEnd(0, "", screenshot=False),
            SetEnd(1, "", screenshot=False),
        ],
    )
    def test_a_message_about_nothing_that_exists(self, message: AssemblerInput) -> None:
        with pytest.raises(MessageError):
            feed(Assembler(greeting()), [message])

    def test_the_end_of_another_set(self) -> None:
        with pytest.raises(MessageError, match="set 1 ended where set 0 has 1 frames"):
            feed(Assembler(greeting()), [frame(), SetEnd(1, "", screenshot=False)])

    def test_what_was_completed_before_is_good(self) -> None:
        game, assembler = Game(), Assembler(greeting())
        feed(assembler, game.frame_set()[:-1])
        taken = assembler.receive(frame(3, number=1))
        assert isinstance(next(taken), FrameSet)
        with pytest.raises(SequenceError):
            next(taken)
