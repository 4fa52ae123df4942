import operator
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from daemon.fleet.export_engine import RayEngine
from protocol.errors import ExportError, FleetError


class TaskError(Exception):
    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class DiedError(Exception):
    pass


class Tasks:
    """The part of Ray that an engine uses, in this process; a task is done when its result is asked for."""

    def __init__(self, *, dies: bool = False) -> None:
        self.exceptions = SimpleNamespace(RayTaskError=TaskError, RayError=DiedError)
        self.most_waiting = self._waiting = 0
        self._dies = dies
        self.cancelled = 0

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": 2.0}

    def put(self, value: Any) -> Any:
        return value

    def remote(self, **_options: Any) -> Any:
        return lambda function: SimpleNamespace(remote=lambda *given: self._submit(function, given))

    def cancel(self, _task: Any) -> None:
        self.cancelled += 1

    def wait(self, tasks: list[Any], *, num_returns: int, timeout: float) -> None:
        assert len(tasks) == num_returns == self.cancelled
        assert timeout > 0

    def get(self, task: Callable[[], Any]) -> Any:
        self._waiting -= 1
        if self._dies:
            raise DiedError("The worker died unexpectedly.\nLong explanations.")
        try:
            return task()
        except Exception as error:
            raise TaskError(error) from error

    def _submit(self, function: Callable[..., Any], given: tuple[Any, ...]) -> Callable[[], Any]:
        self._waiting += 1
        self.most_waiting = max(self.most_waiting, self._waiting)
        return lambda: function(*given)


def test_results_come_in_order_and_few_tasks_wait() -> None:
    ray = Tasks()
    assert list(RayEngine(ray).results(operator.neg, range(20))) == [-number for number in range(20)]
    assert ray.most_waiting == 4


def test_an_error_of_ours_arrives_as_it_was_raised() -> None:
    def fail(_item: int) -> None:
        raise ExportError("A screenshot cannot be decoded.")

    with pytest.raises(ExportError, match="cannot be decoded"):
        list(RayEngine(Tasks()).results(fail, [1]))


def test_tasks_that_nobody_waits_for_any_more_are_interrupted() -> None:
    def fail(item: int) -> None:
        if item == 1:
            raise ExportError("A screenshot cannot be decoded.")

    ray = Tasks()
    with pytest.raises(ExportError):
        list(RayEngine(ray).results(fail, range(9)))
    assert ray.cancelled == 3


def test_processes_that_die_again_and_again_end_the_export() -> None:
    with pytest.raises(FleetError, match=r"^A process of Ray died: The worker died unexpectedly\.$"):
        list(RayEngine(Tasks(dies=True)).results(operator.neg, [1]))
