"""Search for cores: the environment, packages, RetroArch's folders."""

from pathlib import Path

import pytest

from lua.headless import core_search
from lua.headless.core_search import CORE_VARIABLE, find_core, find_cores, named_core, retroarch_folders
from protocol.errors import CoreError

WINDOWS = {
    "SystemDrive": "D:",
    "APPDATA": r"C:\Users\Zoë\AppData\Roaming",
    "ProgramFiles(x86)": r"C:\Program Files (x86)",
}


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without any core; gives the folder that RetroArch's cores would be in."""
    monkeypatch.delenv(CORE_VARIABLE, raising=False)
    monkeypatch.setattr(core_search, "find_spec", lambda _name: None)
    monkeypatch.setattr(core_search, "retroarch_folders", lambda *_: [tmp_path / "none", tmp_path])
    return tmp_path


def test_finds_the_packaged_core_without_importing_its_package(mgba: Path) -> None:
    assert mgba.name.startswith("mgba_libretro.")
    assert mgba.is_file()


def test_says_what_to_do_where_there_is_none(bare: Path) -> None:
    assert list(find_cores()) == []
    with pytest.raises(CoreError, match=r"There is no mGBA core here: .* mgba_libretro\.\w+, as core or in GBATRACE_C"):
        find_core()


def test_finds_retroarchs(bare: Path) -> None:
    (bare / "snes9x_libretro.so").touch()
    core = bare / core_search._FILE_NAME
    core.touch()
    assert list(find_cores()) == [core]
    assert find_core() == core


def test_the_environment_comes_first(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CORE_VARIABLE, '"C:\\my cores\\mgba_libretro.dll"')
    assert find_core() == named_core() == Path("C:\\my cores\\mgba_libretro.dll")


def test_retroarchs_folders_on_windows() -> None:
    folders = [
        str(folder).replace("/", "\\").replace("\\\\", "\\")
        for folder in retroarch_folders("win32", Path("C:/Users/Zoë"), WINDOWS)
    ]
    assert folders == [
        r"D:\RetroArch-Win64\cores",
        r"D:\RetroArch\cores",
        r"C:\Users\Zoë\AppData\Roaming\RetroArch\cores",
        r"C:\Program Files (x86)\Steam\steamapps\common\RetroArch\cores",
    ]


@pytest.mark.parametrize(
    ("platform", "folder"),
    [
        ("darwin", "/Users/z/Library/Application Support/RetroArch/cores"),
        ("linux", "/Users/z/.config/retroarch/cores"),
        ("linux", "/usr/lib/libretro"),
    ],
)
def test_retroarchs_folders_elsewhere(platform: str, folder: str) -> None:
    assert Path(folder) in retroarch_folders(platform, Path("/Users/z"), {})
