"""Files of the data folder, one of which is being replaced."""

from pathlib import Path

import pytest

from tests.fakes.holder import hold_open
from webui.archive.files import read_file, remove_file


def test_a_file_that_is_being_replaced_is_read_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.json").write_bytes(b"{}")
    hold_open(lambda _path: False, 0, monkeypatch.setattr)
    read, tries = Path.read_bytes, list[Path]()

    def held_once(path: Path) -> bytes:
        tries.append(path)
        if len(tries) == 1:
            raise PermissionError("The process cannot access the file")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", held_once)
    assert read_file(tmp_path / "a.json") == b"{}"


def test_a_file_that_is_held_is_deleted_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index.sqlite").touch()
    hold_open(lambda path: path.endswith("sqlite"), 0.005, monkeypatch.setattr)
    remove_file(tmp_path / "index.sqlite")
    assert list(tmp_path.iterdir()) == []
