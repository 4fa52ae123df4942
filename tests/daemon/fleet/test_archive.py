import hashlib
import os
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
import zstandard

from daemon.fleet.archive import pack_session, unpack_session
from protocol.errors import DocumentError
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


def test_an_archive_is_unpacked_as_it_was_packed(tmp_path: Path) -> None:
    folder, archive = make_session(tmp_path / "one", "s"), tmp_path / "s.tar.zst"
    unpack_session(archive, "s", pack_session(folder, archive), tmp_path / "out")
    assert (tmp_path / "out/s/0/event.json").read_bytes() == b"{}"


def test_an_archive_that_was_changed_is_not_unpacked(tmp_path: Path) -> None:
    archive = tmp_path / "s.tar.zst"
    digest = pack_session(make_session(tmp_path / "one", "s"), archive)
    data = archive.read_bytes()
    archive.write_bytes(data[:-1])
    with pytest.raises(DocumentError, match="checksum"):
        unpack_session(archive, "s", digest, tmp_path / "out")
    with pytest.raises(DocumentError):
        unpack_session(archive, "s", hashlib.sha256(data[:-1]).hexdigest(), tmp_path / "out")


def test_nothing_is_unpacked_outside_its_session(tmp_path: Path) -> None:
    archive = tmp_path / "s.tar.zst"
    digest = pack_session(make_session(tmp_path / "one", "other"), archive)
    with pytest.raises(DocumentError, match="it holds other"):
        unpack_session(archive, "s", digest, tmp_path / "out")
    assert not (tmp_path / "out").exists()
