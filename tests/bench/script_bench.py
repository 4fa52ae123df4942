"""Cost of the script to the emulator, and its bytes on the wire.

Three measures of a frame are times, and README.md tells them apart: processor time in the stand-in, that of Lua alone,
and the calls as they would weigh in BizHawk.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lua.headless.flavours import Flavour
from tests.bench.demo_game import WARM_UP, ReadyCore, demo_stages, rom_stage
from tests.bench.figures import Budget, Figure, spread
from tests.bench.scanning import Scan, Stage, Turn, run_baseline, run_script
from tests.bench.settings import BenchSettings
from tests.bench.synthetic_game import FRAMES_PER_SET, synthetic_game

__all__ = ["script_bench"]

_CHANGES_PER_SET = (0, 300, 700, 2_200, 5_000, 20_000)
_REAL_TRAFFIC = 700
_SET = FRAMES_PER_SET


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to scan."""

    flavour: Flavour
    mode: str

    def __str__(self) -> str:
        return f"{self.flavour} {self.mode}"


_WAYS = (
    _Way("2.11.1", "chunked"),
    _Way("2.11.1", "atomic"),
    _Way("2.11.1", "full"),
    _Way("2.11", "chunked"),
    _Way("2.10", "chunked"),
)

_MEASURES: tuple[tuple[str, str, Callable[[Turn], float]], ...] = (
    ("time per frame", "ms", lambda turn: turn.milliseconds),
    ("weighed calls per frame", "ms", lambda turn: turn.weighed),
    ("calls per frame", "calls", lambda turn: turn.calls),
    ("elements per frame", "elements", lambda turn: turn.elements),
)
_WITHOUT_BULK_READS = {
    "time per frame": (Budget("ratio", 25, at_least=True),),
    "calls per frame": (Budget("median", 300), Budget("p99", 1500)),
}
_PROMISES: Mapping[str, Mapping[str, tuple[Budget, ...]]] = {
    "2.11.1 chunked": {
        "time per frame": (Budget("ratio", 100, at_least=True), Budget("ratio at p99", 20, at_least=True)),
        "calls per frame": (Budget("p99", 12),),
    },
    "2.11.1 atomic": {},
    "2.11.1 full": {"time per frame": (Budget("median", 0.5),)},
    "2.11 chunked": _WITHOUT_BULK_READS,
    "2.10 chunked": _WITHOUT_BULK_READS,
}
"""Budgets by way and measure; they are about the traffic of real games."""

_WEIGHED_DEMO, _WEIGHED_SYNTHETIC = Budget("ratio", 25, at_least=True), Budget("ratio", 8, at_least=True)
"""Ratio of the baseline's weighed calls to ours, for every reader."""

_FIRST_SIGHT = (Budget("median", 25.0),)
_WHOLE_MEMORY = (Budget("median", 1.0),)
_WIRE = (Budget("median", 12.0),)


def script_bench(settings: BenchSettings) -> Iterator[Figure]:
    """Measure the script in every way to scan, side by side with the baseline.

    Yields:
        The figures of one stage after the other.
    """
    for name, stage in _stages(settings):
        yield from _figures(name, stage, settings)


def _stages(settings: BenchSettings) -> Iterator[tuple[str, Stage]]:
    frames = 20 if settings.quick else 100
    counts = (0, _REAL_TRAFFIC) if settings.quick else _CHANGES_PER_SET
    for count in counts:
        yield f"{count:,} changes per set", Stage(partial(synthetic_game, count), frames, WARM_UP)
    if settings.rom is not None:
        yield settings.rom.name, rom_stage(partial(ReadyCore, settings.rom), frames)
    if not settings.quick:
        for name, stage in demo_stages(frames).items():
            yield f"demo game, {name}", stage


def _figures(name: str, stage: Stage, settings: BenchSettings) -> Iterator[Figure]:
    scans: dict[_Way, list[Scan]] = {way: [] for way in _WAYS}
    baselines: list[Scan] = []
    for _ in range(settings.rounds):
        with tempfile.TemporaryDirectory(dir=settings.work) as folder:
            baselines.append(run_baseline(stage, Path(folder)))
        for way in _WAYS:
            scans[way].append(run_script(stage, way.flavour, way.mode))
    promised = name.startswith((f"{_REAL_TRAFFIC} ", "demo"))
    weighed = _WEIGHED_DEMO if name.startswith("demo") else _WEIGHED_SYNTHETIC
    for way, runs in scans.items():
        promises = {**_PROMISES[str(way)], "weighed calls per frame": (weighed,)} if promised else {}
        yield from _of_frames(f"{way}: {name}", runs, baselines, promises=promises)
        yield from _of_lua(f"{way}: {name}", run_script(stage, way.flavour, way.mode, clocked=True))
        yield from _of_sets(f"{way}: {name}", runs, promised=promised)
        if way.mode == "atomic":
            whole = spread([turn.milliseconds for run in runs for turn in run.turns[_SET - 1 :: _SET]])
            yield Figure(
                f"{way}: {name}", "time for all memory", "ms", whole, budgets=_WHOLE_MEMORY if promised else ()
            )


def _of_lua(subject: str, clocked: Scan) -> Iterator[Figure]:
    yield Figure(subject, "Lua alone per frame", "ms", spread([turn.lua for turn in clocked.turns]))
    dearest = max(clocked.before[:_SET], key=lambda turn: turn.weighed + turn.lua)
    yield Figure(subject, "weighed calls at first sight", "ms", spread([dearest.weighed]), None, _FIRST_SIGHT)
    yield Figure(subject, "Lua alone at first sight", "ms", spread([dearest.lua]))


def _of_frames(
    subject: str, runs: list[Scan], baselines: list[Scan], promises: Mapping[str, tuple[Budget, ...]]
) -> Iterator[Figure]:
    for measure, unit, value in _MEASURES:
        values, theirs = (spread([value(turn) for run in each for turn in run.turns]) for each in (runs, baselines))
        yield Figure(subject, measure, unit, values, theirs, promises.get(measure, ()))
    pictures = spread([turn.weighed for run in runs for turn in run.turns[_SET - 1 :: _SET]])
    yield Figure(subject, "weighed calls with a screenshot", "ms", pictures)
    sent = spread([turn.sent for run in runs for turn in run.turns])
    yield Figure(subject, "sent per frame", "bytes", sent)


def _of_sets(subject: str, runs: list[Scan], *, promised: bool) -> Iterator[Figure]:
    sets = sum(len(run.turns) for run in runs) / _SET
    changes = sum(run.changes for run in runs)
    yield Figure(subject, "changes per set", "words", spread([changes / sets]))
    if changes:
        per_change = sum(run.wire_bytes for run in runs) / changes
        yield Figure(subject, "wire per change", "bytes", spread([per_change]), budgets=_WIRE if promised else ())
