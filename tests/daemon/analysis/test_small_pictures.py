"""Small pictures of a session: each screenshot is read once, and a damaged one is none."""

from pathlib import Path

import numpy as np

from daemon.analysis.small_pictures import SMALL, SmallPictures
from protocol.session.layout import SessionFolder
from protocol.session.reader import SessionReader
from tests.fakes.screenshots import png


def small_pictures(tmp_path: Path) -> tuple[SmallPictures, SessionFolder]:
    folder = SessionFolder(tmp_path)
    for number, data in enumerate([png(200), png(10, (480, 320)), b"no picture", png(5, (4096, 10)), png(9)[:60]]):
        folder.frame_set(number).mkdir()
        folder.screenshot(number).write_bytes(data)
    return SmallPictures(SessionReader(folder)), folder


def test_pictures_are_made_small_whatever_size_they_have(tmp_path: Path) -> None:
    first, second, *others = small_pictures(tmp_path)[0].of([0, 1, 2, 3, 4, 99])
    assert first is not None
    assert second is not None
    assert first.shape == second.shape == (SMALL[0] * SMALL[1] * 3,)
    assert np.abs(first.astype(int) - second.astype(int)).max() > 100
    assert others == [None, None, None, None]


def test_a_screenshot_is_read_once(tmp_path: Path) -> None:
    pictures, folder = small_pictures(tmp_path)
    [before] = pictures.of([0])
    folder.screenshot(0).unlink()
    assert pictures.of([0])[0] is before
