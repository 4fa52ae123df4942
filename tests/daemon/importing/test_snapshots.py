"""Each set's own screenshot, or that of the closest earlier set."""

from pathlib import Path

import pytest

from daemon.importing.snapshots import Snapshots
from protocol.errors import LogError
from protocol.session.flaws import NO_SCREENSHOT, borrowed_flaw
from tests.daemon.importing.made import write_snapshots
from tests.fakes.screenshots import png


def test_the_closest_earlier_one_is_lent_and_the_set_says_so(tmp_path: Path) -> None:
    snapshots = Snapshots(write_snapshots(tmp_path, [2, 3, 10]))
    assert snapshots.numbers == [2, 3, 10]
    assert snapshots.find(3) == (png(3), ())
    assert snapshots.find(9) == (png(3), (NO_SCREENSHOT, borrowed_flaw(3)))
    assert snapshots.find(11) == (png(10), (NO_SCREENSHOT, borrowed_flaw(10)))
    assert snapshots.find(2) == (png(2), ())
    assert snapshots.find(0) == (b"", (NO_SCREENSHOT,))


def test_a_png_that_is_none_is_reported_and_never_lent(tmp_path: Path) -> None:
    write_snapshots(tmp_path, [1])
    (tmp_path / "2.png").write_bytes(b"no screenshot")
    (tmp_path / "3.png").write_bytes(b"")
    snapshots = Snapshots(tmp_path)
    unreadable = "the screenshot is not a readable PNG"
    assert snapshots.find(2) == (png(1), (unreadable, borrowed_flaw(1)))
    assert snapshots.find(3) == (png(1), (unreadable, borrowed_flaw(1)))
    assert snapshots.find(4) == (png(1), (NO_SCREENSHOT, borrowed_flaw(1)))
    assert snapshots.unreadable == {2: unreadable, 3: unreadable}


def test_other_files_are_none_of_ours(tmp_path: Path) -> None:
    write_snapshots(tmp_path, [1])
    for name in ("01.png", "x.png", "2.jpg", "3", "-4.png", "5.png.bak"):
        (tmp_path / name).write_bytes(png())
    (tmp_path / "6.PNG").write_bytes(png())
    assert Snapshots(tmp_path).numbers == [1, 6]


def test_without_a_folder_there_are_none() -> None:
    assert Snapshots(None).find(3) == (b"", (NO_SCREENSHOT,))


def test_a_folder_that_is_none_is_reported(tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"There is no folder .*nowhere"):
        Snapshots(tmp_path / "nowhere")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LogError, match="file is not a folder"):
        Snapshots(tmp_path / "file")


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "1.png").mkdir()
    with pytest.raises(LogError, match=r"1\.png cannot be read"):
        Snapshots(tmp_path).find(1)
