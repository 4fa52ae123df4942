"""Ray, on this machine or a cluster. Shell."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from daemon.fleet.libraries import import_ray
from protocol.errors import FleetError
from protocol.wording import sentence

__all__ = ["ray_cluster"]

_OBJECT_STORE = 128 << 20
"""Bytes of memory that Ray shares on this machine: the ROM, at most 32 MiB, and small messages pass through it."""


@contextmanager
def ray_cluster(address: str, processes: int | None) -> Iterator[Any]:
    """Connect to Ray's cluster, or start Ray on this machine until the block ends.

    Args:
        address: of a cluster; empty for this machine.
        processes: that are to run at once on this machine; None for one on each processor.

    Yields:
        The module `ray`.

    Raises:
        FleetError: Ray is not installed, or the cluster does not answer.
    """
    ray = import_ray(starts=not address)
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    try:
        if address:
            ray.init(address=address, **quiet)
        else:
            ray.init(
                address="local",
                num_cpus=processes or os.cpu_count() or 1,
                num_gpus=0,
                include_dashboard=False,
                object_store_memory=_OBJECT_STORE,
                **quiet,
            )
    except (ConnectionError, RuntimeError, TimeoutError, ValueError) as error:
        where = f"the cluster at {address}" if address else "on this machine"
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise FleetError(sentence(f"Ray cannot be used, {where}: {reason}")) from error
    try:
        # Ray writes a dozen lines about each process that dies, whatever it is told; the screen has one.
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
            yield ray
    finally:
        ray.shutdown()
