"""Plays with opposite buttons, compared."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from daemon.analysis.word_fields import FIELDS, WordField
from daemon.probing.axis_comparison import AxisPlays, Moved, answered_at_all, compare_axis, without_overlaps
from protocol.changes import U32
from tests.fakes.walked_game import Walker

FRAMES = 14
Play = list[U32]


def play(button: str) -> Play:
    walker = Walker()
    walker.dx = walker.dy = walker.held = 0
    images = [walker.words()]
    for _ in range(FRAMES):
        walker.run(button)
        images.append(walker.words())
    return images


def plays(others: Sequence[Play] = ()) -> AxisPlays:
    return AxisPlays(play("Left"), play("Right"), others)


def found_words(moved: Sequence[Moved]) -> list[int]:
    return list(dict.fromkeys(each.word for each in moved if each.is_opposite))


@dataclass
class Ship:
    """A ship with inertia that drifts to the right and down: places are 20.12, far from 0."""

    x: int = 200 << 12
    dx: int = 3 << 12
    wall: int = 1 << 30

    def run(self, button: str) -> None:
        """Run a frame."""
        self.dx += 512 * ((button == "Right") - (button == "Left"))
        self.dx -= self.dx // 16
        self.x = min(self.wall, self.x + self.dx)

    def words(self) -> U32:
        """Return its place, its speed, and the pixel of its sprite beside another number."""
        values = [self.x, self.dx & 0xFFFF_FFFF, (self.x >> 12) - 120 | 77 << 16]
        return np.array(values, np.uint32)


def flown(button: str, ship: Ship | None = None) -> Play:
    ship = ship or Ship()
    images = [ship.words()]
    for _ in range(FRAMES):
        ship.run(button)
        images.append(ship.words())
    return images


@dataclass
class Runner:
    """A runner with a speed, a camera that glides behind, and two buffers drawn in turns."""

    x: int = 120 << 4
    dx: int = 0
    camera: int = 0
    frames: int = 0
    buffers: tuple[int, int] = (0, 0)

    def run(self, button: str) -> None:
        """Run a frame."""
        self.dx = max(-640, min(640, self.dx + 32 * ((button == "Right") - (button == "Left"))))
        self.x += self.dx >> 4
        self.camera += ((self.x << 4) - self.camera) // 8
        self.frames += 1
        drawn = (self.buffers[0], self._body) if self.frames % 2 else (self._body, self.buffers[1])
        self.buffers = drawn

    @property
    def _body(self) -> int:
        return 100 | self.x << 16

    def words(self) -> U32:
        """Return its place beside its health, its speed, the camera, and the buffers."""
        return np.array([self._body, self.dx & 0xFFFF, self.camera & 0xFFFF_FFFF, *self.buffers], np.uint32)


def run(button: str) -> Play:
    runner = Runner()
    for _ in range(8):
        runner.run("")
    images = [runner.words()]
    for _ in range(FRAMES):
        runner.run(button)
        images.append(runner.words())
    return images


def test_a_place_that_a_camera_glides_behind_is_no_speed_of_it() -> None:
    found = compare_axis(AxisPlays(run("Left"), run("Right"), [run("Up"), run("Down")]), {}, 100)
    by_place = {(moved.position, moved.field.width): moved for moved in found if not moved.field.is_float}
    assert not by_place[2, 2].is_speed
    assert by_place[4, 2].is_speed
    assert by_place[5, 1].is_speed, "its upper part is too coarse to be added up"
    assert found[0].position == 2


def test_a_buffer_that_is_drawn_from_is_a_late_copy() -> None:
    found = compare_axis(AxisPlays(run("Left"), run("Right")), {}, 100)
    late = {moved.position for moved in found if moved.is_late and moved.field.width == 2}
    assert {14, 18} <= late
    assert not {2, 4} & late
    assert all(moved.may_lead != (moved.is_late or moved.is_speed) for moved in found)


def test_the_whole_that_glides_stands_before_an_upper_part_that_the_recording_prefers() -> None:
    nats = {(3, WordField(3, 1)): 23.0, (2, WordField(2, 2)): -90.0}
    others = [[image ^ np.uint32(frame << 16) for frame, image in enumerate(run(button))] for button in ("Up", "Down")]
    found = compare_axis(AxisPlays(run("Left"), run("Right"), others), nats, 100)
    first = next(moved for moved in found if moved.word == 0)
    assert (first.position, first.field.width) == (2, 2)


def test_a_blocked_way_is_said_to_have_moved_nothing() -> None:
    [both, one] = (Moved(0, FIELDS[0], 1.0, *ways) for ways in ((-14.0, 14.0), (0.0, 1.0)))
    assert both.in_words("Left", "Right") == "-14 with Left, +14 with Right"
    assert one.in_words("Up", "Down") == "not with Up, +1 with Down"


def test_places_come_first_then_speeds() -> None:
    found = compare_axis(plays([play("Up"), play("Down")]), {}, 20)
    first, second, third = found_words(found)[:3]
    assert ({first, second}, third) == ({0, 3}, 2)
    assert (found[0].negative, found[0].positive) == (-14, 14)


def test_a_drifting_ship_went_both_ways_against_the_way_that_it_goes_by_itself() -> None:
    found = compare_axis(AxisPlays(flown("Left"), flown("Right"), [flown("Up"), flown("Down")]), {}, 20)
    place = next(moved for moved in found if moved.word == 0)
    assert place.is_opposite
    assert place.is_regular
    assert place.steps == FRAMES


def test_a_drifting_ship_answers_before_it_is_known_where_it_goes_by_itself() -> None:
    found = compare_axis(AxisPlays(flown("Left"), flown("Right")), {}, 20)
    assert any(moved.word == 0 and moved.is_regular for moved in found)


def test_the_whole_of_a_fixed_point_number_stands_before_its_upper_part() -> None:
    nats = {(2, WordField(2, 1)): 10.0, (2, WordField(2, 2)): 10.0, (0, WordField(0, 4)): -30.0}
    found = compare_axis(AxisPlays(flown("Left"), flown("Right"), [flown("Up"), flown("Down")]), nats, 20)
    first = next(moved for moved in found if moved.word == 0)
    assert (first.position, first.field) == (0, WordField(0, 4))


def test_a_speed_is_known_by_the_place_that_adds_it_up() -> None:
    found = compare_axis(AxisPlays(flown("Left"), flown("Right"), [flown("Up"), flown("Down")]), {}, 20)
    assert [moved.is_speed for moved in found if moved.position == 4 and moved.field.width == 4] == [True]
    assert not any(moved.is_speed for moved in found if moved.word == 0)
    assert found[0].word != 1


def test_a_cell_that_jumps_as_the_walk_begins_is_no_speed_of_the_pixels() -> None:
    def walk(way: int) -> Play:
        return [np.array([50 + (way if frame else 0), 800 + way * frame], np.uint32) for frame in range(FRAMES + 1)]

    found = compare_axis(AxisPlays(walk(-1), walk(1)), {}, 20)
    assert not any(moved.is_speed for moved in found if moved.word == 0)


def test_two_numbers_in_a_word_are_not_one() -> None:
    def walk(way: int) -> Play:
        return [np.array([700 + way * frame | 300 + way * frame << 16], np.uint32) for frame in range(FRAMES + 1)]

    found = compare_axis(AxisPlays(walk(-1), walk(1)), {}, 20)
    assert {(moved.position, moved.field.width) for moved in found[:4]} <= {(0, 1), (0, 2), (2, 1), (2, 2)}


def test_a_wall_on_one_side_leaves_it_a_place() -> None:
    left, right = (flown(button, Ship(dx=0, wall=200 << 12)) for button in ("Left", "Right"))
    walled = AxisPlays(left, right)
    place = next(moved for moved in compare_axis(walled, {}, 20) if moved.position == 0)
    assert place.is_regular
    assert place.positive == 0


def test_nothing_answers_where_only_mirrors_of_the_buttons_differ() -> None:
    mirrors = [[np.array([held if frame else 0, frame], np.uint32) for frame in range(9)] for held in (16, 32)]
    assert not answered_at_all(*mirrors)
    assert answered_at_all(play("Left"), play("Right"))


def test_mirrors_of_buttons_counters_and_noise_do_not_go_both_ways() -> None:
    found = compare_axis(plays([play("Up"), play("Down")]), {}, 100)
    assert not {4, 5, 6} & set(found_words(found))


def test_what_the_recording_shows_counts() -> None:
    camera = {(12, WordField(0, 2)): 8.0, (0, WordField(0, 2)): -4.0}
    found = compare_axis(plays([play("Up"), play("Down")]), camera, 20)
    assert found[0].word == 3


def test_only_one_of_those_that_share_bytes_is_kept() -> None:
    found = compare_axis(plays(), {}, 100)
    kept = without_overlaps(found, 100)
    covered = [position for each in kept for position in range(each.position, each.position + each.field.width)]
    assert len(covered) == len(set(covered))
    assert len(kept) < len(found)
    assert without_overlaps(found, 1) == found[:1]


def test_a_number_that_goes_one_way_alone_is_behind_those_that_go_both() -> None:
    both = plays()
    stays = AxisPlays([both.origin] * (FRAMES + 1), both.positive)
    (first, *_) = compare_axis(stays, {}, 100)
    assert not first.is_opposite
    assert first.score < compare_axis(both, {}, 1)[0].score
