import os
import sys
from pathlib import Path

import pytest

from daemon.disk.private_files import make_private, private_folder, write_private

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in the folder")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture(autouse=True)
def _lax() -> object:
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_folder_is_its_owners_alone_and_the_one_around_it_is_as_ever(tmp_path: Path) -> None:
    private_folder(tmp_path / "data" / ".keys")
    assert mode(tmp_path / "data" / ".keys") == 0o700
    assert mode(tmp_path / "data") == 0o777


def test_a_folder_that_is_there_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    private_folder(tmp_path)
    assert mode(tmp_path) == 0o700


def test_a_file_is_its_owners_alone_and_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"old")
    (tmp_path / "secret.partial").write_bytes(b"left by a crash, for all to read")
    write_private(path, b"new")
    assert (path.read_bytes(), mode(path)) == (b"new", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_narrower_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_private(path, b"x")
    path.chmod(0o400)
    make_private(path)
    assert mode(path) == 0o400
