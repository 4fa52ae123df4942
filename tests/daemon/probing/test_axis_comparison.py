"""Plays with opposite buttons, compared."""

from collections.abc import Sequence

import numpy as np

from daemon.analysis.word_fields import FIELDS, WordField
from daemon.probing.axis_comparison import AxisPlays, Moved, compare_axis, without_overlaps
from protocol.changes import U32
from tests.fakes.walked_game import Walker

Images = tuple[U32, U32]


def play(button: str) -> Images:
    walker = Walker()
    images = []
    for frame in range(14):
        walker.run(button)
        if frame in {6, 13}:
            images.append(walker.words())
    return images[0], images[1]


def plays(others: Sequence[Images] = ()) -> AxisPlays:
    walker = Walker()
    walker.dx = walker.dy = walker.held = 0
    return AxisPlays(walker.words(), play("Left"), play("Right"), others)


def found_words(moved: Sequence[Moved]) -> list[int]:
    return list(dict.fromkeys(each.word for each in moved if each.is_opposite))


def test_a_blocked_way_is_said_to_have_moved_nothing() -> None:
    [both, one] = (Moved(0, FIELDS[0], 1.0, *ways) for ways in ((-14.0, 14.0), (0.0, 1.0)))
    assert both.in_words("Left", "Right") == "-14 with Left, +14 with Right"
    assert one.in_words("Up", "Down") == "not with Up, +1 with Down"


def test_places_come_first_then_speeds() -> None:
    found = compare_axis(plays([play("Up"), play("Down")]), {}, 20)
    first, second, third = found_words(found)[:3]
    assert ({first, second}, third) == ({0, 3}, 2)
    assert (found[0].negative, found[0].positive) == (-14, 14)


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
    blocked = plays()
    walled = np.array(blocked.origin)
    stays = AxisPlays(blocked.origin, (walled, walled), blocked.positive)
    (first, *_) = compare_axis(stays, {}, 100)
    assert not first.is_opposite
    assert first.score < compare_axis(blocked, {}, 1)[0].score
