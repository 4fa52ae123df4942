import hashlib
import os
import tarfile
from io import BytesIO
from pathlib import Path

import zstandard

from daemon.fleet.archive import pack_session
from tests.daemon.fleet.rows import make_session


def test_an_archive_holds_the_folder(tmp_path: Path) -> None:
    folder, archive = make_session(tmp_path / "one", "s"), tmp_path / "s.tar.zst"
    digest = pack_session(folder, archive)
    assert digest == hashlib.sha256(archive.read_bytes()).hexdigest()
    with zstandard.open(archive, "rb") as file, tarfile.open(fileobj=BytesIO(file.read())) as tar:
        tar.extractall(tmp_path / "out", filter="data")
    unpacked = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*")}
    assert unpacked == {"s", "s/0", "s/0/event.json", "s/session_metadata.json"}
    assert (tmp_path / "out/s/0/event.json").read_bytes() == b"{}"


def test_equal_folders_make_equal_archives(tmp_path: Path) -> None:
    ones, others = make_session(tmp_path / "one", "s"), make_session(tmp_path / "two", "s")
    os.utime(others / "session_metadata.json", (1, 1))
    assert pack_session(ones, tmp_path / "1") == pack_session(others, tmp_path / "2")
