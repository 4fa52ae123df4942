import io
from pathlib import Path

import pytest
from PIL import Image

from tests.fakes.bus_daemon import FakeDaemon, FakeSession, make_frame_set
from webui.archive.folders import Archive
from webui.archive.thumbnails import SIZE, Thumbnails
from webui.errors import MissingError


@pytest.fixture
def session(tmp_path: Path) -> FakeSession:
    session = FakeSession(FakeDaemon(tmp_path), "meadow", "Meadow Quest")
    for number in range(3):
        session.record(make_frame_set(number))
    return session


def test_a_thumbnail_is_a_small_webp(session: FakeSession, tmp_path: Path) -> None:
    with Image.open(io.BytesIO(Thumbnails().thumbnail(Archive(tmp_path), "meadow", 1))) as screenshot:
        assert (screenshot.format, screenshot.size) == ("WEBP", SIZE)


def test_a_screenshot_is_made_small_once(session: FakeSession, tmp_path: Path) -> None:
    thumbnails, archive = Thumbnails(), Archive(tmp_path)
    made = thumbnails.thumbnail(archive, "meadow", 1)
    assert thumbnails.thumbnail(archive, "meadow", 1) is made


def test_another_screenshot_in_its_place_is_seen(session: FakeSession, tmp_path: Path) -> None:
    thumbnails, archive = Thumbnails(), Archive(tmp_path)
    made = [thumbnails.thumbnail(archive, "meadow", number) for number in (1, 2)]
    session.folder.screenshot(1).write_bytes(session.folder.screenshot(2).read_bytes())
    assert made[0] != thumbnails.thumbnail(archive, "meadow", 1) == made[1]
    session.folder.screenshot(1).unlink()
    with pytest.raises(MissingError):
        thumbnails.thumbnail(archive, "meadow", 1)


def test_only_the_ones_asked_for_last_are_kept(
    session: FakeSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.archive.thumbnails.KEPT", 2)
    thumbnails, archive = Thumbnails(), Archive(tmp_path)
    first, second = (thumbnails.thumbnail(archive, "meadow", number) for number in (0, 1))
    assert thumbnails.thumbnail(archive, "meadow", 0) is first
    thumbnails.thumbnail(archive, "meadow", 2)
    assert thumbnails.thumbnail(archive, "meadow", 0) is first
    assert thumbnails.thumbnail(archive, "meadow", 1) is not second
