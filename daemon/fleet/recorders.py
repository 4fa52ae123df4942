"""Recorders as Ray actors. Shell.

Each actor records one session after the other, and its call yields the frames that it has recorded, then the row of the
catalogue. Ray tells when one dies: another takes its place, and `Schedule` gives its session out again.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from daemon.fleet.catalogue import CatalogueRow
from daemon.fleet.plan import PlannedSession
from daemon.fleet.recording import FleetJob, record_session
from daemon.fleet.schedule import Schedule
from protocol.errors import FleetError, GbatraceError
from protocol.wording import own_fault, sentence

__all__ = ["Show", "run_fleet"]

_PAUSE = 0.5
"""Seconds until the screen is drawn again, where nothing happens."""

_CATALOGUE_EVERY = 60.0
"""Seconds between two writes of the catalogue: receipts have what it lacks."""

Show = Callable[[Schedule], None]
"""Draws where the fleet stands."""


def run_fleet(
    job: FleetJob, schedule: Schedule, rows: list[CatalogueRow], recorders: int | None, ray: Any, show: Show
) -> None:
    """Record all sessions of a schedule.

    Args:
        job: of the fleet.
        schedule: the sessions.
        rows: of the catalogue so far; those of new sessions are added.
        recorders: that record at once; None for as many as the cluster has processors.
        ray: the module, connected.
        show: called twice a second at least.

    Raises:
        FleetError: one session after the other fails.
        StoreError: the catalogue cannot be written.
    """
    fleet = _Fleet(job, schedule, rows, ray)
    count = min(schedule.waiting, recorders or int(ray.cluster_resources().get("CPU", 1)))
    try:
        for number in range(count):
            fleet.employ(f"recorder-{number + 1}")
        while not schedule.is_over:
            fleet.follow()
            show(schedule)
    finally:
        fleet.dismiss()


class _Recorder:
    """Actor that records sessions.

    Args:
        name: the recorder's.
        job: of the fleet.
    """

    def __init__(self, name: str, job: FleetJob) -> None:
        self._name = name
        self._job = job

    def record(self, session: PlannedSession, tries: int) -> Iterator[int | CatalogueRow]:
        """Record a session, see `record_session`."""
        yield from record_session(self._job, session, self._name, tries)


class _Fleet:
    """Actors and their calls."""

    def __init__(self, job: FleetJob, schedule: Schedule, rows: list[CatalogueRow], ray: Any) -> None:
        if job.policy.module is not None:  # The cluster's machines need not have it.
            ray.cloudpickle.register_pickle_by_value(job.policy.module)
        self._ray = ray
        self._schedule = schedule
        self._rows = rows
        self._target = job.target
        self._shared = ray.put(job)
        self._class = ray.remote(num_cpus=1, max_restarts=0)(_Recorder)
        self._actors: dict[str, Any] = {}
        self._calls: dict[Any, str] = {}
        self._written = time.monotonic()

    def employ(self, worker: str) -> None:
        """Give a recorder its next session: make its actor, or end it where there is none left."""
        running = self._schedule.assign(worker, time.monotonic())
        if running is None:
            # The processor that it keeps may be what an actor waits for in place of one whose machine is gone.
            if worker in self._actors:
                self._end(self._actors.pop(worker))
            return
        if worker not in self._actors:
            self._actors[worker] = self._class.remote(worker, self._shared)
        record = self._actors[worker].record.options(num_returns="streaming")
        self._calls[record.remote(running.session, running.tries)] = worker

    def follow(self) -> None:
        """Take what the recorders report."""
        ready, _ = self._ray.wait(list(self._calls), num_returns=1, timeout=_PAUSE)
        for call in ready:
            self._take(call, self._calls[call])
        if time.monotonic() - self._written > _CATALOGUE_EVERY:
            self._target.write_catalogue(self._rows)
            self._written = time.monotonic()

    def dismiss(self) -> None:
        """End all actors at once."""
        for actor in self._actors.values():
            self._end(actor)

    def _end(self, actor: Any) -> None:
        with suppress(Exception):  # Ray itself may be what ended.
            self._ray.kill(actor)

    def _take(self, call: Any, worker: str) -> None:
        try:
            report = self._ray.get(next(call))
        except self._ray.exceptions.RayTaskError as error:
            del self._calls[call]
            self._schedule.give_up(worker, _reason(error))
        except self._ray.exceptions.RayError as error:
            del self._calls[call]
            del self._actors[worker]
            self._schedule.lose(worker, _death(error))
        else:
            if isinstance(report, int):
                self._schedule.advance(worker, report)
                return
            del self._calls[call]
            self._rows.append(report)
            self._schedule.finish(worker)
        if self._schedule.is_hopeless:
            raise FleetError(f"One session after the other fails: {self._schedule.failures[-1].reason}")
        self.employ(worker)


def _reason(error: Any) -> str:
    """Say why a session failed by itself."""
    cause = getattr(error, "cause", error)
    return str(cause) if isinstance(cause, GbatraceError) else own_fault("record a session", cause)


def _death(error: Any) -> str:
    """Say why a recorder died, of the many lines that Ray has to say."""
    return sentence(f"The recorder died: {str(error).splitlines()[0]}")
