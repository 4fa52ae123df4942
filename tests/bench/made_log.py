"""A log of any size with the look of a real one, and its screenshots."""

from pathlib import Path

import numpy as np

from tests.fakes.screenshots import png

__all__ = ["ROWS_PER_SET", "make_log"]

ROWS_PER_SET = 300
_CHUNKS = 5
_REGIONS = (("iwram", 0x0300_0000, 6556, 0x8000), ("ewram", 0x0200_0000, 52432, 0x4_0000))
"""Name, first address, bytes of a chunk but the last, bytes."""
_KEYS = ("None", "x", "x+Right", "Right", "z")


def make_log(folder: Path, sets: int) -> tuple[Path, Path]:
    """Write a log and its screenshots.

    Args:
        folder: an empty folder.
        sets: frame sets, each of `ROWS_PER_SET` rows.

    Returns:
        The log, and the folder of its screenshots.
    """
    random = np.random.default_rng(sets)
    log, snapshots = folder / "event_log.csv", folder / "snapshots"
    snapshots.mkdir(parents=True)
    with log.open("w", encoding="utf-8", newline="\n") as file:
        for number in range(sets):
            file.writelines(_rows(number, random))
            (snapshots / f"{number}.png").write_bytes(png(number % 256))
    return log, snapshots


def _rows(number: int, random: np.random.Generator) -> list[str]:
    values = random.integers(0, 2**32, (2, ROWS_PER_SET)).tolist()
    history = " | ".join(_KEYS[(number + past) % len(_KEYS)] for past in range(5))
    keys = _KEYS[(number + 4) % len(_KEYS)]
    rows: list[str] = []
    per_scan = ROWS_PER_SET // (2 * _CHUNKS)
    for chunk in range(_CHUNKS):
        frame = _CHUNKS * number + chunk
        for region, base, size, total in _REGIONS:
            words = sorted(random.choice(min(size, total - chunk * size) // 4, per_scan, replace=False).tolist())
            for word in words:
                at = len(rows)
                rows.append(
                    f"{1753996829216 + frame * 1000 // 60},{region},{frame},{base + chunk * size + 4 * word:08X},"
                    f"{values[0][at]:08X},{values[1][at]:08X},{at % 100 + 1},"
                    f"000001F8,{history},{keys},{number},{chunk}\n"
                )
    return rows
