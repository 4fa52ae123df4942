"""Libraries that only fleets need, imported when they are. Shell."""

import os
import sys
from importlib import import_module
from typing import Any

from protocol.errors import FleetError
from protocol.wording import how_to_install

__all__ = ["import_ray", "require"]

_WHEELS = {"ray": "Ray runs on Linux, on macOS and on Windows, 64 bit, with the Python versions that it has wheels for"}
"""For a library that is not to be had everywhere, where it is."""


_NO_STATISTICS = ("RAY_USAGE_STATS_ENABLED", "0")
"""Setting of Ray, which sends statistics of its use to its makers otherwise."""

_TOKEN = ("RAY_AUTH_MODE", "token")
"""Setting of Ray, whose ports on this machine's addresses would run anybody's code otherwise: docs.ray.io, security."""


def import_ray(*, starts: bool) -> Any:
    """Import Ray, which reads its settings from the environment then.

    Args:
        starts: whether it is to be started on this machine; a cluster has a setting of its own.

    Raises:
        FleetError: it is not installed.
    """
    os.environ.setdefault(*_NO_STATISTICS)
    if starts and "ray" not in sys.modules:  # Else it has read the setting, and its processes would read another.
        os.environ.setdefault(*_TOKEN)
    return require("ray")


def require(module: str) -> Any:
    """Import a module.

    Args:
        module: its dotted name.

    Raises:
        FleetError: it is not installed; the sentence says how to install it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        missing = (error.name or module).split(".")[0]
        remedy = how_to_install("fleet")
        remark = f" ({_WHEELS[missing]})" if missing in _WHEELS else ""
        raise FleetError(f"A fleet needs {missing}, which is not installed: {remedy}{remark}.") from None
