"""Sessions that a fleet stored as archives, fetched to be read. Shell."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from daemon.console.progress_bar import progress_bar
from daemon.disk.files import map_os_errors, remove_tree
from daemon.fleet.catalogue import CatalogueRow
from daemon.fleet.target import ArchiveTarget
from protocol.errors import FleetError

__all__ = ["readable_folder"]


@contextmanager
def readable_folder(place: str, names: Sequence[str], output: Path, *, shown: bool) -> Iterator[Path]:
    """Return the data folder of sessions, which are unpacked where they are archives.

    Args:
        place: a data folder, or the folder or URL to which a fleet handed over archives.
        names: the sessions; `all` alone stands for every one.
        output: what is made of them; machines that see it see the unpacked sessions as well.
        shown: whether to show progress.

    Yields:
        The data folder; unpacked sessions go when the block ends.

    Raises:
        FleetError: the place cannot be used, has no such session, or an archive is damaged.
        StoreError: it cannot be read, or the disk refused.
    """
    url = _archives_at(place)
    if url is None:
        yield Path(place)
        return
    target = ArchiveTarget(url)
    rows = _chosen(target, names)
    beside = output.absolute().parent
    with map_os_errors(beside):
        beside.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{output.name}-sessions-", dir=beside))
    try:
        target.fetch_names(folder)
        with progress_bar("fetching", len(rows), shown=shown) as advance:
            for row in rows:
                target.fetch(row, folder)
                advance(1)
        yield folder
    finally:
        with suppress(OSError):
            remove_tree(folder)


def _archives_at(place: str) -> str | None:
    """Return the URL of a place with archives; None for a data folder."""
    if "://" in place:
        return place
    folder = Path(place)
    is_fleet = (folder / "sessions").is_dir() and not (folder / "sessions" / "session_metadata.json").exists()
    return folder.absolute().as_uri() if is_fleet else None


def _chosen(target: ArchiveTarget, names: Sequence[str]) -> list[CatalogueRow]:
    stored = {row.session: row for row in target.rows()}
    if list(names) == ["all"]:
        names = sorted(stored)
    if not names:
        raise FleetError(f"There is no session of a fleet at {target.name}: name another place with --data.")
    for name in names:
        if name not in stored:
            raise FleetError(f"There is no session {name} at {target.name}: its catalogue names those that there are.")
    return [stored[name] for name in dict.fromkeys(names)]
