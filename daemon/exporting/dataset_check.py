"""Check of datasets against the checksums in their `dataset.json`. Shell."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import orjson

from daemon.exporting.destination import MANIFEST
from daemon.exporting.manifest import DIGEST, manifest_digest
from protocol.errors import ExportError

__all__ = ["dataset_folders", "dataset_problems"]


def dataset_folders(folder: Path) -> list[Path]:
    """Return the datasets in a folder: itself, or as of csv those right below it.

    A folder without any is returned as it is.
    """
    if (folder / MANIFEST).is_file():
        return [folder]
    return sorted(path.parent for path in folder.glob(f"*/{MANIFEST}")) or [folder]


def dataset_problems(folder: Path) -> Iterator[str]:
    """Compare a dataset's files, and `dataset.json` itself, with what it says.

    Yields:
        A sentence for each file that is missing, differs, or was added; nothing for a sound dataset.

    Raises:
        ExportError: there is no finished dataset in that folder.
    """
    try:
        document = orjson.loads((folder / MANIFEST).read_bytes())
        files = [(entry["path"], entry["bytes"], entry["sha256"]) for entry in document["files"]]
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        raise ExportError(f"{folder} holds no finished dataset: {MANIFEST} is missing or damaged.") from None
    if DIGEST not in document:
        yield f"{MANIFEST} has no digest of itself: it is of an earlier version, or was changed"
    elif document[DIGEST] != manifest_digest(document):
        yield f"{MANIFEST} has been changed"
    for name, size, digest in files:
        path = folder.joinpath(*name.split("/"))
        if not path.is_file():
            yield f"{name} is missing"
        elif path.stat().st_size != size:
            yield f"{name} has {path.stat().st_size:,} bytes instead of {size:,}"
        else:
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    yield f"{name} has been changed"
    listed = {name for name, _, _ in files} | {MANIFEST}
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    for name in sorted(set(found) - listed):
        yield f"{name} was added"
