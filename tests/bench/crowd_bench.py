"""Acknowledgements to the emulator, with and without people who watch and label."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import Budget, Figure, spread
from tests.bench.processes import DaemonProcess, LiveClients, Sender, Sent, Watched
from tests.bench.settings import BenchSettings
from tests.bench.traffic import capture, save_traffic

__all__ = ["crowd_bench"]

_CHANGES_PER_SET = 700
_FRAMES_PER_SECOND = 60.0
_BROWSERS, _LABELLERS = 10, 3

_ONE_FRAME_SET = (Budget("p99", 83.0),)
"""Ms; the spread is over the slowest acknowledgement of each round, so that this promises something of every one."""


@dataclass(frozen=True, slots=True)
class _Run:
    sent: Sent
    watched: Watched


def crowd_bench(settings: BenchSettings) -> Iterator[Figure]:
    """Measure one emulator at 60 frames per second while ten browsers watch and three label; the baseline is alone.

    Yields:
        The figures of all acknowledgements, of the slowest one of each round, and of the labels given meanwhile.
    """
    traffic = settings.work / "traffic"
    save_traffic(capture(_CHANGES_PER_SET, 8 if settings.quick else 180), traffic)
    crowded, alone = [], []
    for _ in range(settings.rounds):
        crowded.append(_run(settings.work / "crowded", traffic, _BROWSERS, _LABELLERS))
        alone.append(_run(settings.work / "alone", traffic, 0, 0))
    subject = f"{_BROWSERS} browsers, {_LABELLERS} of them labelling; baseline: none"
    ours, theirs = ([latency for run in runs for latency in run.sent.latencies] for runs in (crowded, alone))
    yield Figure(subject, "acknowledged after", "ms", spread(ours), spread(theirs))
    ours, theirs = ([max(run.sent.latencies) for run in runs] for runs in (crowded, alone))
    yield Figure(subject, "slowest acknowledgement", "ms", spread(ours), spread(theirs), _ONE_FRAME_SET)
    rates = spread([run.watched.labelled / run.sent.seconds for run in crowded])
    yield Figure(subject, "labels given meanwhile", "labels/s", rates, more_is_better=True)
    delays = [delay for run in crowded for delay in run.watched.label_delays]
    if delays:
        yield Figure(subject, "label to event in every browser", "ms", spread(delays))


def _run(data: Path, traffic: Path, browsers: int, labellers: int) -> _Run:
    with ExitStack() as stack:
        daemon = stack.enter_context(DaemonProcess(data, page=True))
        sender = stack.enter_context(Sender(daemon.port, traffic, 1, _FRAMES_PER_SECOND))
        watching = stack.enter_context(LiveClients(daemon.page, browsers, labellers))
        run = _Run(sender.send(), watching.watched())
    shutil.rmtree(data)
    return run
