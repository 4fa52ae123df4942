"""Catalogue of a fleet's sessions, a table in Parquet. Needs pyarrow."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from io import BytesIO
from typing import Any

from daemon.fleet.libraries import require
from daemon.fleet.plan import PlannedSession

__all__ = ["CatalogueRow", "misfits", "read_catalogue", "write_catalogue"]


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """A session that was recorded and handed over.

    Args:
        session: its name.
        game: the ROM's name.
        rom_sha1: of the ROM, upper-case hex.
        seed: of its player.
        policy: who played.
        frames: recorded.
        frame_sets: recorded.
        changes: of memory.
        memory_sha256: of IWRAM and EWRAM after the last frame, lower-case hex: equal play ends equally.
        seconds: that recording took, real time.
        processor_seconds: that it took of a processor.
        worker: the recorder, and the machine that it ran on.
        tries: recorders that began it.
        bytes: at the target.
        files: of the session, also where they lie in one archive.
        path: below the target, with `/`.
        sha256: of the archive, lower-case hex; empty where the session is a folder.
    """

    session: str
    game: str
    rom_sha1: str
    seed: int
    policy: str
    frames: int
    frame_sets: int
    changes: int
    memory_sha256: str
    seconds: float
    processor_seconds: float
    worker: str
    tries: int
    bytes: int = 0
    files: int = 0
    path: str = ""
    sha256: str = ""

    def as_map(self) -> dict[str, Any]:
        """Return the row as JSON values."""
        return asdict(self)


def write_catalogue(rows: Iterable[CatalogueRow]) -> bytes:
    """Write the table, ordered by session.

    Raises:
        FleetError: pyarrow is not installed.
    """
    pa, pq = require("pyarrow"), require("pyarrow.parquet")
    kinds = {str: pa.string(), int: pa.int64(), float: pa.float64()}
    schema = pa.schema([pa.field(each.name, kinds[each.type], nullable=False) for each in fields(CatalogueRow)])  # type: ignore[index]
    ordered = sorted(rows, key=lambda row: row.session)
    file = BytesIO()
    pq.write_table(pa.Table.from_pylist([row.as_map() for row in ordered], schema), file, compression="zstd")
    return file.getvalue()


def read_catalogue(data: bytes) -> list[CatalogueRow]:
    """Read the table.

    Raises:
        FleetError: pyarrow is not installed.
        ValueError, TypeError: it is no catalogue.
    """
    require("pyarrow")
    table = require("pyarrow.parquet").read_table(BytesIO(data))
    return [CatalogueRow(**row) for row in table.to_pylist()]


def misfits(planned: Iterable[PlannedSession], rows: Sequence[CatalogueRow]) -> list[str]:
    """Return the names of recorded sessions that are of another seed or length than planned."""
    known = {row.session: row for row in rows}
    return [
        session.name
        for session in planned
        if (row := known.get(session.name)) and (row.seed, row.frames) != (session.seed, session.frames)
    ]
