"""Libraries that only fleets need, imported when they are. Shell."""

from importlib import import_module
from typing import Any

from protocol.errors import FleetError
from protocol.wording import how_to_install

__all__ = ["require"]

_WHEELS = {"ray": "Ray runs on Linux, on macOS and on Windows, 64 bit, with the Python versions that it has wheels for"}
"""For a library that is not to be had everywhere, where it is."""


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
