"""Usual folders of BizHawk."""

from pathlib import Path

from daemon.bizhawk.places import Machine, patterns, usual_folders

HOME = Path("/home/ada")


def test_on_windows_drives_program_folders_and_the_cloud_are_looked_at() -> None:
    machine = Machine(
        system="win32",
        home=HOME,
        here=Path("/clone/gbatrace"),
        environment={"ProgramFiles": "/pf", "ProgramFiles(x86)": "/pf86", "OneDrive": "/cloud", "LOCALAPPDATA": "/app"},
        drives=(Path("/c"), Path("/d")),
    )
    folders = usual_folders(machine)
    for wanted in (
        HOME / "Downloads", HOME / "Desktop", Path("/cloud/Desktop"), Path("/pf"), Path("/pf86"), Path("/app/Programs"),
        Path("/c"), Path("/d/Games"), Path("/clone"), Path("/clone/gbatrace"),
    ):  # fmt: skip
        assert wanted in folders
    assert Path("/opt") not in folders
    assert machine.program == "EmuHawk.exe"
    assert patterns(machine)[0] == "EmuHawk.exe"


def test_on_linux_the_systems_own_folders_are() -> None:
    machine = Machine(system="linux", home=HOME, here=HOME)
    folders = usual_folders(machine)
    assert Path("/opt") in folders
    assert HOME / "Downloads" in folders
    assert machine.program == "EmuHawkMono.sh"


def test_each_folder_is_looked_at_once() -> None:
    folders = usual_folders(Machine(system="linux", home=HOME, here=HOME))
    assert len(folders) == len(set(folders))
