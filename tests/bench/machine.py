"""Machine on which the figures were measured."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

from protocol.version import PACKAGE_VERSION

__all__ = ["describe_machine"]

_LIBRARIES = ("numpy", "orjson", "msgpack", "pyzmq", "gevent", "flask-socketio", "lupa", "pillow", "zstandard")


def describe_machine(work: Path) -> dict[str, Any]:
    """Say what this machine is, what runs on it, and how busy it is.

    Args:
        work: the folder that the benches write to.
    """
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "file_system": _file_system(work),
        "load": [round(load, 2) for load in psutil.getloadavg()],
        "python": platform.python_version(),
        "gbatrace": PACKAGE_VERSION,
        "libraries": {name: _version(name) for name in _LIBRARIES},
    }


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.is_file():
        for line in facts.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _file_system(work: Path) -> str:
    holders = [part for part in psutil.disk_partitions(all=True) if work.resolve().is_relative_to(part.mountpoint)]
    return max(holders, key=lambda part: len(part.mountpoint)).fstype if holders else "unknown"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
