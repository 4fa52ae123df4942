"""Start of daemon and page: time until they answer, and their use while idle."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.bench.figures import Budget, Figure, spread
from tests.bench.processes import DaemonProcess
from tests.bench.settings import BenchSettings

__all__ = ["startup_bench"]

_SETTLING = 2.0
"""Seconds after the start in which the page connects and caches fill."""


def startup_bench(settings: BenchSettings) -> Iterator[Figure]:
    """Start `gbatrace serve` with its page, and leave it alone; the baseline is a Python that does nothing.

    Yields:
        Start-up time, then processor and memory at rest, of both processes together.
    """
    starts, pythons, shares, memories = [], [], [], []
    watched = 1.0 if settings.quick else 10.0
    for _ in range(settings.rounds if settings.quick else max(3, settings.rounds)):
        pythons.append(_python_that_does_nothing())
        data = settings.work / "data"
        with DaemonProcess(data, page=True) as daemon:
            starts.append(daemon.seconds)
            time.sleep(_SETTLING)
            before = daemon.usage()
            time.sleep(watched)
            after = daemon.usage()
        shutil.rmtree(data)
        shares.append(100 * (after.processor_seconds - before.processor_seconds) / watched)
        memories.append(after.memory)
    subject = "daemon and page"
    yield Figure(subject, "start", "s", spread(starts), spread(pythons), budgets=(Budget("median", 1.5),))
    yield Figure(subject, "processor, idle", "% of a core", spread(shares), budgets=(Budget("median", 1.0),))
    yield Figure(subject, "memory, idle", "MiB", spread(memories), budgets=(Budget("median", 150.0),))


def _python_that_does_nothing() -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - started
