"""`python -m tests.evaluation`: runs the evaluation and prints its tables. See RESULTS.md."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.evaluation.demo_game import DemoGame
from tests.evaluation.drift_game import DriftGame
from tests.evaluation.find_tables import (
    Outcome,
    certainty_table,
    events_table,
    readings_outcomes,
    readings_table,
    time_table,
)
from tests.evaluation.played import FRAMES_A_SECOND, Played, Player, play
from tests.evaluation.statistics import Table

__all__ = ["Extent", "evaluate", "main"]

GAMES: Mapping[str, Callable[[Path], Player]] = {"demo": lambda _folder: DemoGame(), "test": DriftGame}


@dataclass(frozen=True)
class Extent:
    """Extent of an evaluation.

    Args:
        minutes: of play.
        cases: people who look for a variable, for each table.
    """

    minutes: float
    cases: int


LONG = Extent(10, 80)
SHORT = Extent(2, 4)


def evaluate(player: Player, extent: Extent, seed: int) -> Iterator[Table | list[Outcome]]:
    """Evaluate on one game; yields tables, and the queries that they are made of.

    Args:
        player: of the game.
        extent: of the evaluation.
        seed: of all chance.
    """
    played = play(player, seed, round(extent.minutes * 60 * FRAMES_A_SECOND))
    yield _play_table(played)
    readings = readings_outcomes(played, extent.cases, seed)
    yield [outcome for each in readings.values() for outcome in each]
    yield readings_table(readings, played.game)
    events, outcomes = events_table(played, extent.cases // 2, seed)
    yield outcomes
    yield events


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description="Evaluate finding by simulation.")
    parser.add_argument("--game", action="append", choices=list(GAMES), help="only this one; may be repeated")
    parser.add_argument("--short", action="store_true", help="the same code in a minute; the numbers mean little")
    parser.add_argument("--seed", type=int, default=1, help="of plays and people")
    options = parser.parse_args(arguments)
    outcomes: list[Outcome] = []
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gbatrace-evaluation-") as work:
        for name in options.game or GAMES:
            for made in evaluate(GAMES[name](Path(work)), SHORT if options.short else LONG, options.seed):
                if isinstance(made, Table):
                    _print(made)
                else:
                    outcomes += made
    _print(certainty_table(outcomes))
    _print(time_table(outcomes))
    sys.stdout.write(f"Seed {options.seed}, {time.monotonic() - started:.0f} s.\n")


def _print(table: Table) -> None:
    sys.stdout.write(f"{table.text()}\n")
    sys.stdout.flush()


def _play_table(played: Played) -> Table:
    """Describe a play by the share of its frames in each context."""
    names = sorted({context for context in played.contexts if context})
    shares = [f"{played.contexts.count(name) / len(played.contexts):.0%}" for name in names]
    return Table(
        f"{played.game}: {played.sets:,} frame sets, {len(played.history):,} entries", tuple(names), (tuple(shares),)
    )


if __name__ == "__main__":
    main()
