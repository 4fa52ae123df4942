"""Stand-in for Ray in this process: actors run when their results are asked for, and die when they are told to."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

__all__ = ["FakeRay"]


class _TaskError(Exception):
    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class _RayError(Exception):
    pass


class _DiedError(_RayError):
    pass


class _Call:
    """Results of one call of an actor."""

    def __init__(self, ray: "FakeRay", results: Iterator[Any], number: int) -> None:
        self._ray, self._results, self._number = ray, results, number

    def __next__(self) -> Any:
        if self._number in self._ray.deaths:
            raise _DiedError("The actor died unexpectedly before finishing this task.\n\tclass_name: _Recorder")
        try:
            return next(self._results)
        except StopIteration:
            raise
        except Exception as error:
            raise _TaskError(error) from error


class FakeRay:
    """The part of Ray that a fleet uses.

    Args:
        deaths: numbers of the calls whose actors die.
    """

    def __init__(self, *deaths: int) -> None:
        self.deaths = set(deaths)
        self.calls = 0
        self.actors = 0
        self.killed = 0
        self.cloudpickle = SimpleNamespace(register_pickle_by_value=lambda _module: None)
        self.exceptions = SimpleNamespace(RayTaskError=_TaskError, RayError=_RayError)

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": 2.0}

    def put(self, value: Any) -> Any:
        return value

    def remote(self, **_options: Any) -> Any:
        return lambda kind: SimpleNamespace(remote=lambda *arguments: self._actor(kind, arguments))

    def wait(self, calls: list[Any], **_options: Any) -> tuple[list[Any], list[Any]]:
        return calls[:1], calls[1:]

    def get(self, value: Any) -> Any:
        return value

    def kill(self, _actor: Any) -> None:
        self.killed += 1

    def _actor(self, kind: Any, arguments: tuple[Any, ...]) -> Any:
        self.actors += 1
        actor = kind(*arguments)

        def call(*given: Any) -> _Call:
            self.calls += 1
            return _Call(self, actor.record(*given), self.calls)

        method = SimpleNamespace(options=lambda **_options: SimpleNamespace(remote=call))
        return SimpleNamespace(record=method)
