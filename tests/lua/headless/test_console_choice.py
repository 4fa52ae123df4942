"""Choice of the console: a core that is named, one that is found, the tape."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

import resources
from lua.headless import console_choice, core_search
from lua.headless.console_choice import open_console
from lua.headless.core import Core
from protocol.errors import CoreError

ROM, TAPE = resources.demo_rom(), resources.demo_tape()


@pytest.fixture
def cores(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The cores that are found; none at first."""
    found: list[Path] = []
    monkeypatch.delenv(core_search.CORE_VARIABLE, raising=False)
    monkeypatch.setattr(console_choice, "find_cores", lambda: iter(found))
    return found


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    core = tmp_path / "mgba_libretro.so"
    core.write_bytes(b"not a library")
    return core


def opened(core: Path | None = None, tape: Path | None = TAPE) -> tuple[Core, list[str]]:
    lines: list[str] = []
    console = open_console(ROM, core, tape, lines.append)
    console.close()
    return console, lines


def test_without_a_core_the_tape_plays_and_says_that_it_is_one(cores: list[Path]) -> None:
    console, lines = opened()
    assert console.name.startswith("a tape of mGBA")
    assert lines == [
        f"This is {console.name}: what a real core did when it played this, memory and pictures bit for bit."
    ]


def test_without_a_core_and_a_tape_it_says_how_to_get_one(cores: list[Path]) -> None:
    with pytest.raises(CoreError, match="There is no mGBA core here"):
        opened(tape=None)


def test_a_core_that_is_found_plays(cores: list[Path], mgba: Path) -> None:
    cores.append(mgba)
    console, lines = opened()
    assert console.name.startswith("mGBA")
    assert lines == []


def test_a_core_that_is_found_and_does_not_load_is_reported_and_passed_over(cores: list[Path], broken: Path) -> None:
    cores.append(broken)
    console, lines = opened()
    assert console.name.startswith("a tape")
    assert "mgba_libretro.so cannot be loaded as a libretro core" in lines[0]
    with pytest.raises(CoreError, match="cannot be loaded"):
        opened(tape=None)


def test_a_core_that_is_named_must_work(
    cores: list[Path], broken: Path, mgba: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cores.append(mgba)
    with pytest.raises(CoreError, match="cannot be loaded"):
        opened(core=broken)
    monkeypatch.setenv(core_search.CORE_VARIABLE, str(broken))
    with pytest.raises(CoreError, match="cannot be loaded"):
        opened()


def test_a_tape_that_is_named_plays_whatever_there_is(cores: list[Path], mgba: Path) -> None:
    cores.append(mgba)
    console, _ = opened(core=TAPE, tape=None)
    assert console.name.startswith("a tape")


class _Broken(ModuleType):
    """A module that fails while names are taken from it, as a library does on a Python that it does not know."""

    def __getattr__(self, name: str) -> object:
        raise ValueError(f"mutable default for {name}")


def test_a_libretro_py_that_fails_is_reported_and_passed_over(
    cores: list[Path], broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "lua.headless.libretro_core", _Broken("libretro_core"))
    with pytest.raises(CoreError, match=r"libretro\.py, .* does not load here: ValueError\('mutable default"):
        opened(core=broken)
    cores.append(broken)
    console, lines = opened()
    assert console.name.startswith("a tape")
    assert "does not load here" in lines[0]


def test_a_core_that_libretro_py_cannot_open_is_reported_and_passed_over(
    cores: list[Path], broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("lua.headless.libretro_core")
    module.LibretroCore = lambda _rom, core: 1 / 0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "lua.headless.libretro_core", module)
    cores.append(broken)
    console, lines = opened()
    assert console.name.startswith("a tape")
    assert lines[0] == f"libretro.py cannot open {broken} here: ZeroDivisionError('division by zero')."


def test_a_core_without_libretro_py_says_what_to_install(
    cores: list[Path], broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "lua.headless.libretro_core", None)
    with pytest.raises(CoreError, match=r'needs libretro\.py, `python -m pip install -e "\.\[demo\]"` in .* brings it'):
        opened(core=broken)
    cores.append(broken)
    console, lines = opened()
    assert console.name.startswith("a tape")
    assert len(lines) == 2
