"""Work that would keep the gevent loop waiting, done in one of its threads."""

from collections.abc import Callable
from typing import Any, TypeVar

import gevent

__all__ = ["offload"]

_Result = TypeVar("_Result")


def offload(work: Callable[..., _Result], *arguments: Any) -> _Result:
    """Run `work` in a thread; other greenlets go on meanwhile. What it raises is raised here."""
    return gevent.get_hub().threadpool.apply(work, arguments)
