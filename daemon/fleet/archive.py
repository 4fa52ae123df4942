"""Archives of sessions: a folder as one file. Shell.

They go where each of many small files would cost a request.
"""

import hashlib
import tarfile
from pathlib import Path

import zstandard

__all__ = ["ENDING", "pack_session"]

ENDING = ".tar.zst"

_LEVEL = 6
"""Of zstandard: a frame set's JSON shrinks by much at any, its picture at none."""


def pack_session(folder: Path, archive: Path) -> str:
    """Write a session's folder as a tar file, compressed with zstandard.

    Args:
        folder: the session's; equal folders make equal archives, whoever wrote them when.
        archive: the file, which is written anew.

    Returns:
        The SHA-256 of the archive, lower-case hex.

    Raises:
        OSError: the disk refused.
    """
    with archive.open("wb") as file:
        compressor = zstandard.ZstdCompressor(level=_LEVEL).stream_writer(file, closefd=False)
        with compressor, tarfile.open(fileobj=compressor, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            for path in [folder, *sorted(folder.rglob("*"))]:
                tar.add(path, path.relative_to(folder.parent).as_posix(), recursive=False, filter=_anonymous)
    with archive.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mtime = 0
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.isdir() else 0o644
    return member
