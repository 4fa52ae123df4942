"""Thread pool for work that would block the gevent loop."""

from collections.abc import Callable
from typing import Any, TypeVar

import gevent

__all__ = ["offload"]

_Result = TypeVar("_Result")


def offload(work: Callable[..., _Result], *arguments: Any) -> _Result:
    """Run `work` in a thread; other greenlets go on meanwhile. What it raises is raised here."""
    finish: Callable[[], _Result] = gevent.get_hub().threadpool.apply(_attempt, (work, arguments))
    return finish()


def _attempt(work: Callable[..., _Result], arguments: tuple[Any, ...]) -> Callable[[], _Result]:
    # Errors leave the thread as values: gevent would print each with its traceback before raising it.
    try:
        result = work(*arguments)
    except Exception as error:
        failure = error
    else:
        return lambda: result

    def fail() -> _Result:
        raise failure

    return fail
