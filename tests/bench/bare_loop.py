"""`python -m tests.bench.bare_loop`: writes the files of frame sets, and does nothing else.

What a file system lets a single thread achieve: the same folders, files, lines and renames as the daemon's, whose
bytes are ready. It takes the frame sets of a recorded session and writes them into session folders of its own, in turn,
as they would come from as many emulators. It prints one line of JSON with the seconds that it took.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import orjson

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write as the command line says."""
    options = _parser().parse_args(arguments)
    sets = [_files(options.session / str(number)) for number in range(options.first, options.last)]
    folders = [options.target / f"session-{number}" for number in range(options.sessions)]
    for folder in folders:
        folder.mkdir()
    processor, start = time.process_time(), time.perf_counter()
    for place, files in enumerate(sets, options.first):
        for folder in folders:
            _write(folder, place, files)
    seconds = time.perf_counter() - start
    report = {
        "seconds": seconds,
        "processor_seconds": time.process_time() - processor,
        "sets": len(sets) * len(folders),
    }
    sys.stdout.write(orjson.dumps(report).decode() + "\n")


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _write(folder: Path, number: int, files: dict[str, bytes]) -> None:
    partial = folder.with_name(f".writing-{folder.name}") / str(number)
    partial.mkdir(parents=True)
    for name, data in files.items():
        (partial / name).write_bytes(data)
    with (folder / "checksums.jsonl").open("ab", buffering=0) as journal:
        journal.write(_LINE)
    partial.rename(folder / str(number))


_LINE = b"x" * 220 + b"\n"
"""As long as the line that the daemon appends for each frame set."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.bare_loop", description="Write files and nothing else."
    )
    parser.add_argument("--session", type=Path, required=True, help="a recorded session")
    parser.add_argument("--first", type=int, required=True, help="its first frame set to write")
    parser.add_argument("--last", type=int, required=True, help="one past the last")
    parser.add_argument("--target", type=Path, required=True, help="an empty folder")
    parser.add_argument("--sessions", type=int, required=True, help="session folders to write them into")
    return parser


if __name__ == "__main__":
    main()
