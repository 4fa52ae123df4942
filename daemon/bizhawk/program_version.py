"""The version resource of EmuHawk.exe. Shell: reads the file, on any system."""

from pathlib import Path

import pefile

from daemon.bizhawk.version import Version

__all__ = ["read_program_version"]

_OLDEST_NAMED = (2, 0)
"""A build without a version of its own calls itself 0.0 or 1.0: that says nothing."""


def read_program_version(program: Path) -> Version | None:
    """Read the file version in the resources of a Windows program.

    BizHawk's releases carry theirs there, 2.11 as 2.11.0.0 (Win32 Version in its error reports).

    Returns:
        None where there is none, or the file cannot be read.
    """
    try:
        with pefile.PE(str(program), fast_load=True) as image:
            image.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]])
            fixed = image.VS_FIXEDFILEINFO[0]
            high, low = int(fixed.FileVersionMS), int(fixed.FileVersionLS)
    except (OSError, pefile.PEFormatError, AttributeError, IndexError, ValueError):
        return None
    major, minor, patch = high >> 16, high & 0xFFFF, low >> 16
    version = (major, minor, patch) if patch else (major, minor)
    return version if version >= _OLDEST_NAMED else None
