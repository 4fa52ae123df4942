"""Sharing a core's library."""

from pathlib import Path

import pytest

from lua.headless import shared_library
from protocol.errors import CoreError


def test_a_missing_core_is_named(tmp_path: Path) -> None:
    with pytest.raises(CoreError, match=r"There is no libretro core at .*missing\.so: name another file"):
        shared_library.borrow(tmp_path / "missing.so")


def test_a_file_that_is_no_library_is_refused(tmp_path: Path) -> None:
    core = tmp_path / "mgba_libretro.so"
    core.write_bytes(b"not a library")
    with pytest.raises(CoreError, match=r"mgba_libretro\.so cannot be loaded as a libretro core"):
        shared_library.borrow(core)


def test_a_library_in_use_is_not_shared_and_an_idle_one_is(mgba: Path) -> None:
    first, second = shared_library.borrow(mgba), shared_library.borrow(mgba)
    assert first is not second
    shared_library.give_back(mgba, second)
    third = shared_library.borrow(mgba)
    assert third is second
    shared_library.give_back(mgba, first)
    shared_library.give_back(mgba, third)
