"""`python -m tests.bench`: runs the benches and prints what they found. See README.md."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from tests.bench.benches import BENCHES
from tests.bench.figures import Figure
from tests.bench.machine import describe_machine
from tests.bench.report import print_table, report_json
from tests.bench.settings import BenchSettings

__all__ = ["main"]

_WIDTH = 160
"""Characters of a line that is not written to a terminal."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the command line asks for."""
    options = _parser().parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    figures: dict[str, list[Figure]] = {}
    with tempfile.TemporaryDirectory(prefix="gbatrace-bench-", dir=options.work) as folder:
        settings = BenchSettings(
            work=Path(folder), quick=options.quick, rounds=1 if options.quick else options.rounds, rom=options.rom
        )
        machine = describe_machine(settings.work)
        console.print(machine)
        for name in options.only or BENCHES:
            figures[name] = list(BENCHES[name](settings))
            print_table(console, name, figures[name])
    if options.json:
        options.json.write_bytes(report_json(figures, machine))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure gbatrace on this machine.")
    parser.add_argument("--only", action="append", choices=list(BENCHES), help="run only this one; may be repeated")
    parser.add_argument("--quick", action="store_true", help="the shortest form of everything")
    parser.add_argument("--rounds", type=int, default=2, help="how often ours and the baseline take turns")
    parser.add_argument("--rom", type=Path, help="trace this game as well")
    parser.add_argument("--work", type=Path, help="folder on the disk to measure; the system's own for such things")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    return parser


if __name__ == "__main__":
    main()
