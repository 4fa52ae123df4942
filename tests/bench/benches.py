"""All benches by name, in the order in which they run."""

from collections.abc import Callable, Iterator, Mapping

from tests.bench.analysis_bench import analysis_bench
from tests.bench.batch_bench import batch_bench
from tests.bench.crowd_bench import crowd_bench
from tests.bench.environment_bench import environment_bench
from tests.bench.figures import Figure
from tests.bench.finding_bench import finding_bench
from tests.bench.labelling_bench import labelling_bench
from tests.bench.link_bench import link_bench
from tests.bench.live_bench import live_bench
from tests.bench.log_bench import log_bench
from tests.bench.page_bench import page_bench
from tests.bench.request_bench import request_bench
from tests.bench.script_bench import script_bench
from tests.bench.settings import BenchSettings
from tests.bench.startup_bench import startup_bench

__all__ = ["BENCHES"]

BENCHES: Mapping[str, Callable[[BenchSettings], Iterator[Figure]]] = {
    "script": script_bench,
    "link": link_bench,
    "live": live_bench,
    "labelling": labelling_bench,
    "crowd": crowd_bench,
    "requests": request_bench,
    "batch": batch_bench,
    "log": log_bench,
    "analysis": analysis_bench,
    "finding": finding_bench,
    "environment": environment_bench,
    "page": page_bench,
    "startup": startup_bench,
}
