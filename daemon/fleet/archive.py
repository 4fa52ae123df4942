"""Archives of sessions: a folder as one file. Shell.

They go where each of many small files would cost a request.
"""

import hashlib
import tarfile
from pathlib import Path, PurePosixPath

import zstandard

from protocol.errors import DocumentError

__all__ = ["ENDING", "pack_session", "unpack_session"]

ENDING = ".tar.zst"

_READ = 1 << 20

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


def unpack_session(archive: Path, session: str, digest: str, folder: Path) -> None:
    """Unpack a session's archive.

    Args:
        archive: the file.
        session: the session's name.
        digest: its SHA-256, lower-case hex.
        folder: where the session's folder is to be.

    Raises:
        DocumentError: it is not what it should be; a part of the session may be there.
        OSError: the disk refused.
    """

    def within_session(member: tarfile.TarInfo, path: str) -> tarfile.TarInfo | None:
        if PurePosixPath(member.name).parts[:1] != (session,):
            raise DocumentError(f"it holds {member.name}")
        return tarfile.data_filter(member, path)

    with archive.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != digest:
            raise DocumentError("its checksum is another")
        file.seek(0)
        try:
            with (
                zstandard.ZstdDecompressor().stream_reader(file, read_size=_READ) as plain,
                tarfile.open(fileobj=plain, mode="r|") as tar,
            ):
                tar.extractall(folder, filter=within_session)  # noqa: S202 - the filter is the remedy
        except (tarfile.TarError, zstandard.ZstdError, EOFError) as error:
            raise DocumentError(str(error) or type(error).__name__) from error


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mtime = 0
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.isdir() else 0o644
    return member
