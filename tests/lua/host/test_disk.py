"""The script's files: what works, what comes back when the disk refuses, and whose a file is."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.lua.fake_disk import other_owner
from tests.lua.machine import Machine, from_lua


@pytest.fixture
def disk(lua: Machine) -> Any:
    return lua.require("host.disk")


def test_what_is_written_can_be_read_at_once(lua: Machine, disk: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "file").encode()
    assert disk[b"read"](path) is None
    file = disk[b"write"](path, b"wb")
    assert file[b"write"](b"ab\0\xff\n")[0] is True
    reading = disk[b"read"](path)
    assert reading[b"size"] == 5
    assert reading[b"slice"](1, 3) == b"b\0\xff"
    assert reading[b"slice"](3, 3) is None
    file[b"write"](b"more")
    assert reading[b"slice"](5, 4) == b"more"
    file[b"close"]()
    reading[b"close"]()
    more = disk[b"write"](path, b"ab")
    more[b"write"](b"!")
    more[b"close"]()
    assert Path(path.decode()).read_bytes() == b"ab\0\xff\nmore!"
    assert disk[b"is_free"](path) is True
    disk[b"remove"](path)
    assert not Path(path.decode()).exists()
    assert disk[b"is_free"](path) is False


def test_a_folder_that_is_not_there_is_a_sentence(disk: Any, tmp_path: Path) -> None:
    file, problem = disk[b"write"](str(tmp_path / "no" / "file").encode(), b"wb")
    assert file is None
    assert b"No such file" in problem


@pytest.mark.skipif(sys.platform != "linux", reason="a device that only Linux has")
def test_a_full_disk_is_a_sentence(disk: Any) -> None:
    file = disk[b"write"](b"/dev/full", b"wb")
    assert from_lua(file[b"write"](b"x")) == (False, "No space left on device")
    file[b"close"]()


def test_a_screenshot_that_fails_is_a_sentence(lua: Machine, disk: Any) -> None:
    taken: list[bytes] = []
    lua.execute("client = ...", {"screenshot": taken.append})
    assert disk[b"screenshot"](b"a/b.png") == (True, None)
    assert taken == [b"a/b.png"]
    lua.execute("client.screenshot = function() error('read-only') end")
    ok, problem = disk[b"screenshot"](b"a/b.png")
    assert not ok
    assert b"read-only" in problem


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere an open file tells, or nothing does")
def test_a_file_that_another_process_claims_is_free_when_that_has_ended(disk: Any, tmp_path: Path) -> None:
    file = tmp_path / "journal.bin"
    file.touch()
    path = str(file).encode()
    disk[b"claim"](path)
    assert disk[b"is_free"](path) is True, "this process may go on with what it began"
    mark = tmp_path / "journal.bin.owner"
    mine = mark.read_text()
    with other_owner() as owner:
        number, started = map(int, owner.split())
        mark.write_text(owner)
        assert disk[b"is_free"](path) is False
        mark.write_text(f"{number} {started - 1}")
        assert disk[b"is_free"](path) is True, "its number belongs to another process now"
        mark.write_text(owner)
    assert disk[b"is_free"](path) is True
    disk[b"claim"](path)
    assert mark.read_text() == mine
    disk[b"unclaim"](path)
    assert not mark.exists()
