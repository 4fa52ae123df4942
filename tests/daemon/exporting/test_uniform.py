from dataclasses import replace
from pathlib import Path

import pytest

from daemon.exporting.errors import ExportError
from daemon.exporting.transitions import Episode
from daemon.exporting.uniform import PictureSize, common_frames
from tests.daemon.exporting.recordings import HEIGHT, WIDTH, frame_sets, picture, record


def episode(*sizes: tuple[int, int]) -> Episode:
    played = zip(frame_sets(len(sizes)), sizes, strict=True)
    return Episode("all", [replace(item, png=picture(0, size)) for item, size in played], [None] * len(sizes))


def test_sessions_with_sets_of_one_length_fit_together(tmp_path: Path) -> None:
    five = record(tmp_path).metadata
    assert common_frames([five, five]) == 5
    told = "frame sets of 4 and 5 frames, which do not fit one array: export them apart"
    with pytest.raises(ExportError, match=told):
        common_frames([five, replace(five, num_frames_per_set=4)])


def test_the_first_picture_says_the_size() -> None:
    size = PictureSize()
    assert size.known is None
    assert size.check(episode((WIDTH, HEIGHT), (WIDTH, HEIGHT)), "a") == size.known == [WIDTH, HEIGHT]


def test_another_size_is_refused_with_its_frame_set() -> None:
    told = "frame set 1 in a is 8x4 pixels, others are 24x16: this format needs pictures of one size"
    with pytest.raises(ExportError, match=told):
        PictureSize().check(episode((WIDTH, HEIGHT), (8, 4)), "a")


def test_a_size_that_is_known_from_before_holds() -> None:
    size = PictureSize()
    size.known = [WIDTH, HEIGHT]
    with pytest.raises(ExportError, match="frame set 0 in b is 8x4 pixels"):
        size.check(episode((8, 4)), "b")
