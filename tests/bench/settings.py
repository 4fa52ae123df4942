"""Settings of a run of the benches, read once by the command line and passed down."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["BenchSettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchSettings:
    """The options of all benches."""

    work: Path
    """An empty folder on the disk that is measured."""

    quick: bool = False
    """True for the shortest form: numbers that mean little, from the same code."""

    rounds: int = 2
    """Rounds in which ours and the baseline take turns."""

    rom: Path | None = None
    """A game to trace besides the demo game."""
