"""Savestates that are kept for the next probe."""

from pathlib import Path

from daemon.probing.savestates import SavestateCache, remove_savestates
from tests.fakes.links import link

STATE = bytes(range(256)) * 100


def test_a_state_is_found_again_by_the_same_origin_alone(tmp_path: Path) -> None:
    SavestateCache(tmp_path, "run", "uuid", "core").save(7, STATE)
    again, other = (
        SavestateCache(tmp_path, "run", "uuid", "core"),
        SavestateCache(tmp_path, "run", "uuid", "newer core"),
    )
    assert (again.frames(), again.load(7)) == ([7], STATE)
    assert (other.frames(), other.load(7)) == ([], None)


def test_a_damaged_state_is_none(tmp_path: Path) -> None:
    cache = SavestateCache(tmp_path, "run", "uuid")
    cache.save(7, STATE)
    (path,) = tmp_path.rglob("7.zst")
    path.write_bytes(path.read_bytes()[:-20])
    (path.parent / "notes.txt").write_text("mine", "utf-8")
    assert (cache.frames(), cache.load(7), cache.load(8)) == ([7], None, None)


def test_they_go_with_their_session(tmp_path: Path) -> None:
    cache = SavestateCache(tmp_path, "run", "uuid")
    cache.save(7, STATE)
    remove_savestates(tmp_path, "run")
    remove_savestates(tmp_path, "run")
    assert cache.frames() == []


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link(tmp_path / ".savestates", tmp_path / "elsewhere")
    cache = SavestateCache(tmp_path, "run", "uuid")
    cache.save(7, STATE)
    assert cache.frames() == []
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_disk_that_refuses_costs_the_next_probe_its_time_only(tmp_path: Path) -> None:
    (tmp_path / ".savestates").write_bytes(b"in the way")
    cache = SavestateCache(tmp_path, "run", "uuid")
    cache.save(7, STATE)
    assert cache.frames() == []
