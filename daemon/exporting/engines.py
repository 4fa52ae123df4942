"""Engines of an export, which do its tasks, one for each session, in other processes. Pure."""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

__all__ = ["Engine", "EngineName"]

Item = TypeVar("Item")
Result = TypeVar("Result")


class EngineName(StrEnum):
    """Engine of an export."""

    LOCAL = "local"
    """This process, one session after the other."""

    RAY = "ray"
    """Processes of Ray, one for each session."""


class Engine(Protocol):
    """Executor of tasks in other processes, perhaps of other machines that see the same folders."""

    def results(self, task: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """Do a task for each item.

        A task may be done twice where a process died. Task, items and results are pickled.

        Args:
            task: the function.
            items: its arguments.

        Yields:
            What it returned for each, in the order of the items.

        Raises:
            Exception: what the task raised.
        """
        ...
