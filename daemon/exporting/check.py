"""Check of a dataset against its `dataset.json`. Shell: reads, never writes."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import orjson

from daemon.exporting.destination import MANIFEST
from daemon.exporting.errors import ExportError

__all__ = ["dataset_problems"]


def dataset_problems(folder: Path) -> Iterator[str]:
    """Compare every file of a dataset with its size and checksum.

    Yields:
        A sentence for each file that is missing or differs; nothing for a sound dataset.

    Raises:
        ExportError: there is no finished dataset in that folder.
    """
    manifest = folder / MANIFEST
    try:
        files = [
            (entry["path"], entry["bytes"], entry["sha256"]) for entry in orjson.loads(manifest.read_bytes())["files"]
        ]
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        raise ExportError(f"{folder} holds no finished dataset: {MANIFEST} is missing or damaged.") from None
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
