"""Engine of exports on Ray, see `daemon/exporting/engines.py`. Shell."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from daemon.fleet.cluster import ray_cluster
from protocol.errors import FleetError, GbatraceError
from protocol.wording import sentence

__all__ = ["RayEngine", "ray_engine"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 2
"""Tasks that wait for each processor: what they are given lies in Ray's memory until they are done."""

_CANCELLING_S = 5.0
"""Seconds that interrupted tasks have to clear away what they began."""


@contextmanager
def ray_engine(address: str) -> Iterator["RayEngine"]:
    """Connect to Ray's cluster, or start Ray on this machine until the block ends.

    Args:
        address: of a cluster, whose machines see data folder and dataset at the same paths; empty for this machine.

    Raises:
        FleetError: Ray is not installed, or the cluster does not answer.
    """
    with ray_cluster(address, None) as ray:
        yield RayEngine(ray)


class RayEngine:
    """Engine whose tasks run in Ray's processes.

    Args:
        ray: the module, connected.
    """

    def __init__(self, ray: Any) -> None:
        self._ray = ray
        self._ahead = _AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))

    def results(self, task: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """Do a task for each item.

        Raises:
            GbatraceError: what the task raised.
            FleetError: processes died again and again.
        """
        remote = self._ray.remote(num_cpus=1)(_perform)
        shared = self._ray.put(task)
        waiting: deque[Any] = deque()
        try:
            for item in items:
                if len(waiting) == self._ahead:
                    yield self._result(waiting.popleft())
                waiting.append(remote.remote(shared, item))
            while waiting:
                yield self._result(waiting.popleft())
        finally:
            self._cancel(list(waiting))

    def _cancel(self, references: list[Any]) -> None:
        """Interrupt tasks that nobody waits for any more, so that they clear away what they began."""
        for reference in references:
            self._ray.cancel(reference)
        if references:
            self._ray.wait(references, num_returns=len(references), timeout=_CANCELLING_S)

    def _result(self, reference: Any) -> Any:
        try:
            return self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            cause = getattr(error, "cause", None)
            if isinstance(cause, GbatraceError):
                raise cause from error
            raise
        except self._ray.exceptions.RayError as error:
            raise FleetError(sentence(f"A process of Ray died: {str(error).splitlines()[0]}")) from error


def _perform(task: Callable[[Item], Result], item: Item) -> Result:
    return task(item)
