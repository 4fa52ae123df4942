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
from tests.evaluation.label_tables import snaps_table, states_table, suggestions_table
from tests.evaluation.played import FRAMES_A_SECOND, Player, play
from tests.evaluation.probe_tables import Prober, axes_table, poke_table
from tests.evaluation.statistics import Table

__all__ = ["Evaluation", "Extent", "main"]

GAMES: Mapping[str, Callable[[Path], Player]] = {"demo": lambda _folder: DemoGame(), "test": DriftGame}


@dataclass(frozen=True)
class Extent:
    """Extent of an evaluation.

    Args:
        minutes: of play.
        cases: people who look for a variable, for each table.
        pokes: answers that are poked, for each number of readings.
        probed: seconds of the recordings whose axes are probed.
        labellers: people who label contexts.
    """

    minutes: float
    cases: int
    pokes: int
    probed: tuple[float, ...]
    labellers: int


LONG = Extent(10, 60, 15, tuple(float(seconds) for seconds in range(60, 601, 90)), 4)
SHORT = Extent(2, 4, 1, (90.0,), 1)


class Evaluation:
    """Evaluation on one game, table by table.

    Args:
        player: of the game.
        extent: of the evaluation.
        seed: of all chance.
        folder: for savestates.
    """

    def __init__(self, player: Player, extent: Extent, seed: int, folder: Path) -> None:
        self.outcomes: list[Outcome] = []
        """All queries so far."""
        self._extent = extent
        self._seed = seed
        self._played = play(player, seed, round(extent.minutes * 60 * FRAMES_A_SECOND))
        self._prober = Prober(self._played, folder / player.name.replace(" ", "_"))

    def play(self) -> Iterator[Table]:
        """Describe the play by the share of its frames in each context."""
        contexts = self._played.contexts
        names = sorted({context for context in contexts if context})
        shares = [f"{contexts.count(name) / len(contexts):.0%}" for name in names]
        title = f"{self._played.game}: {self._played.sets:,} frame sets, {len(self._played.history):,} entries"
        yield Table(title, tuple(names), (tuple(shares),))

    def readings(self) -> Iterator[Table]:
        """Ask with readings, and poke what they find."""
        outcomes = readings_outcomes(self._played, self._extent.cases, self._seed)
        self.outcomes += [outcome for each in outcomes.values() for outcome in each]
        yield readings_table(outcomes, self._played.game)
        yield poke_table(self._played, self._prober, outcomes, self._extent.pokes)

    def events(self) -> Iterator[Table]:
        """Ask with events, alone and with readings."""
        table, outcomes = events_table(self._played, self._extent.cases // 2, self._seed)
        self.outcomes += outcomes
        yield table

    def axes(self) -> Iterator[Table]:
        """Probe axes."""
        yield axes_table(self._played, self._prober, self._extent.probed)

    def labels(self) -> Iterator[Table]:
        """Label contexts: which byte tells them, what is suggested for the rest, where ends snap to."""
        yield states_table(self._played, self._extent.labellers, self._seed)
        yield suggestions_table(self._played, self._extent.labellers, self._seed)
        yield snaps_table(self._played, self._extent.labellers, self._seed)


TABLES: Mapping[str, Callable[[Evaluation], Iterator[Table]]] = {
    "play": Evaluation.play,
    "readings": Evaluation.readings,
    "events": Evaluation.events,
    "axes": Evaluation.axes,
    "labels": Evaluation.labels,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.evaluation", description="Evaluate finding by simulation.")
    parser.add_argument("--game", action="append", choices=list(GAMES), help="only this one; may be repeated")
    parser.add_argument("--only", action="append", choices=list(TABLES), help="only these tables; may be repeated")
    parser.add_argument("--short", action="store_true", help="the same code in a minute; the numbers mean little")
    parser.add_argument("--seed", type=int, default=1, help="of plays and people")
    options = parser.parse_args(arguments)
    outcomes: list[Outcome] = []
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gbatrace-evaluation-") as work:
        for name in options.game or GAMES:
            player, extent = GAMES[name](Path(work)), SHORT if options.short else LONG
            evaluation = Evaluation(player, extent, options.seed, Path(work))
            for table in options.only or TABLES:
                for made in TABLES[table](evaluation):
                    _print(made)
            outcomes += evaluation.outcomes
    if outcomes:
        _print(certainty_table(outcomes))
        _print(time_table(outcomes))
    sys.stdout.write(f"Seed {options.seed}, {time.monotonic() - started:.0f} s.\n")


def _print(table: Table) -> None:
    sys.stdout.write(f"{table.text()}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
