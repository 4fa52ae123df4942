"""Through real sockets to folders on disk: how much the daemon takes, how soon it acknowledges, what it uses.

Nothing is deleted before the end: ext4 does not use an inode again that was freed less than five seconds ago, and looks
at every such inode for each file that it makes. Deleting between two runs made the next one half as fast.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from tests.bench.figures import Budget, Figure, spread
from tests.bench.processes import DaemonProcess, Sender, Sent
from tests.bench.settings import BenchSettings
from tests.bench.traffic import capture, save_traffic

__all__ = ["link_bench"]

_CHANGES_PER_SET = 700
_FRAMES_PER_SECOND = 60.0
_WARM_UP = 2
_SETS_AT_FULL_SPEED = 2000
"""Frame sets of all emulators together in one run."""

_ROOT = Path(__file__).parents[2]

_THROUGHPUT = {
    100: (Budget("median", 1200.0, at_least=True),),
}
_LATENCY = {1: (Budget("p99", 5.0),), 50: (Budget("p99", 83.0),)}
_PACED = (1, 10, 50, 100)


@dataclass(frozen=True, slots=True)
class _Run:
    """One run of the daemon: what the sender saw, and what the daemon used for it, its writer included."""

    sent: Sent
    processor_seconds: float
    writer_seconds: float
    memory: float


def link_bench(settings: BenchSettings) -> Iterator[Figure]:
    """Measure the daemon side by side with a bare loop that writes the same files.

    Yields:
        The figures of full speed, then those of emulators that keep their pace.
    """
    traffic = settings.work / "traffic"
    for emulators in (1, 2) if settings.quick else (1, 10, 50, 100):
        total = 40 if settings.quick else _SETS_AT_FULL_SPEED
        save_traffic(capture(_CHANGES_PER_SET, total // emulators + _WARM_UP), traffic)
        yield from _full_speed(settings, traffic, emulators)
    save_traffic(capture(_CHANGES_PER_SET, (6 if settings.quick else 60) + _WARM_UP), traffic)
    for emulators in (1,) if settings.quick else _PACED:
        yield from _paced(settings, traffic, emulators)


def _full_speed(settings: BenchSettings, traffic: Path, emulators: int) -> Iterator[Figure]:
    runs, loops = [], []
    for number in range(settings.rounds):
        data, target = (settings.work / f"{kind}-{emulators}-{number}" for kind in ("data", "bare"))
        runs.append(_run(data, traffic, emulators, 0.0))
        loops.append(_bare_loop(next(data.glob("[!.]*/")), target, emulators))
    subject = f"{emulators} emulators at full speed" if emulators > 1 else "1 emulator at full speed"
    yield Figure(
        subject,
        "stored",
        "frame sets/s",
        spread([run.sent.sets / run.sent.seconds for run in runs]),
        spread([loop["sets"] / loop["seconds"] for loop in loops]),
        _THROUGHPUT.get(emulators, ()),
        more_is_better=True,
    )
    yield Figure(
        subject,
        "processor time per set",
        "ms",
        spread([1000 * run.processor_seconds / run.sent.sets for run in runs]),
        spread([1000 * loop["processor_seconds"] / loop["sets"] for loop in loops]),
    )
    writer = spread([1000 * run.writer_seconds / run.sent.sets for run in runs])
    yield Figure(subject, "of which the writer's", "ms", writer)
    changes = spread([run.sent.changes / run.sent.seconds for run in runs])
    yield Figure(subject, "stored", "changes/s", changes, more_is_better=True)
    yield Figure(subject, "daemon's memory", "MiB", spread([run.memory for run in runs]))
    own = spread([1000 * run.sent.processor_seconds / run.sent.sets for run in runs])
    yield Figure(subject, "sender's own time per set", "ms", own)


def _paced(settings: BenchSettings, traffic: Path, emulators: int) -> Iterator[Figure]:
    runs = []
    for number in range(settings.rounds):
        data = settings.work / f"paced-{emulators}-{number}"
        runs.append(_run(data, traffic, emulators, _FRAMES_PER_SECOND))
    subject = f"{emulators} emulators at 60 frames/s" if emulators > 1 else "1 emulator at 60 frames/s"
    latencies = spread([latency for run in runs for latency in run.sent.latencies])
    yield Figure(subject, "acknowledged after", "ms", latencies, budgets=_LATENCY.get(emulators, ()))
    yield Figure(subject, "latest frame", "ms", spread([1000 * run.sent.lateness for run in runs]))
    share = spread([100 * run.processor_seconds / run.sent.seconds for run in runs])
    yield Figure(subject, "daemon's processor", "% of a core", share)


def _run(data: Path, traffic: Path, emulators: int, rate: float) -> _Run:
    with DaemonProcess(data) as daemon, Sender(daemon.port, traffic, emulators, rate) as sender:
        before, writer_before = daemon.usage(), daemon.writer_usage()
        sent = sender.send()
        after, writer_after = daemon.usage(), daemon.writer_usage()
    stored = sum(1 for _ in data.glob("*/[0-9]*/event.json"))
    assert stored == sent.sets + emulators * _WARM_UP, f"{stored} frame sets are stored of {sent.sets}"
    return _Run(
        sent,
        after.processor_seconds - before.processor_seconds,
        writer_after.processor_seconds - writer_before.processor_seconds,
        after.memory,
    )


def _bare_loop(session: Path, target: Path, sessions: int) -> dict[str, float]:
    target.mkdir()
    last = sum(1 for _ in session.glob("[0-9]*/"))
    options = ("--session", session, "--first", _WARM_UP, "--last", last, "--target", target, "--sessions", sessions)
    command = [sys.executable, "-m", "tests.bench.bare_loop", *map(str, options)]
    done = subprocess.run(command, cwd=_ROOT, stdout=subprocess.PIPE, check=True)
    report: dict[str, float] = orjson.loads(done.stdout)
    return report
