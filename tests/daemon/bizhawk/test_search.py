"""The search for BizHawk. The machine is the seam: here it is one of Windows as well."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.bizhawk import places
from daemon.bizhawk.places import BIZHAWK_VARIABLE, Machine
from daemon.bizhawk.search import (
    BizHawk,
    find_bizhawk,
    last_bizhawk,
    old_script_copies,
    read_program_version,
    remember,
    this_machine,
)
from daemon.bizhawk.version import Version
from protocol.errors import BizHawkError
from tests.fakes.windows_program import write_program


@pytest.fixture
def windows(tmp_path: Path) -> Machine:
    """A Windows on which nothing is installed."""
    for name in ("Ada Löve/Downloads", "Ada Löve/Desktop", "pf", "c", "here/gbatrace"):
        (tmp_path / name).mkdir(parents=True)
    return Machine(
        system="win32",
        home=tmp_path / "Ada Löve",
        here=tmp_path / "here" / "gbatrace",
        environment={"ProgramFiles": str(tmp_path / "pf")},
        drives=(tmp_path / "c",),
    )


@pytest.fixture
def linux(windows: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A Linux on which nothing is installed."""
    monkeypatch.setattr(places, "_POSIX", ())
    return replace(windows, system="linux", environment={}, drives=())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def install(machine: Machine, folder: Path, version: Version | None = (2, 11, 1)) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write_program(folder / "EmuHawk.exe", version)
    if not machine.windows:
        (folder / "EmuHawkMono.sh").write_text("#!/bin/sh\n", encoding="utf-8")
    return folder / machine.program


@pytest.mark.parametrize(
    "place",
    [
        "Ada Löve/Downloads/BizHawk-2.11.1-win-x64",
        "Ada Löve/Downloads/BizHawk-2.11.1-win-x64/BizHawk-2.11.1-win-x64",
        "Ada Löve/Desktop/bizhawk",
        "pf/BizHawk",
        "c/Bizhawk 2.11",
        "here/BizHawk",
        "here/gbatrace",
    ],
)
def test_it_is_found_where_people_unpack_it(windows: Machine, data: Path, tmp_path: Path, place: str) -> None:
    program = install(windows, tmp_path / place)
    assert find_bizhawk(windows, None, data) == BizHawk(program, (2, 11, 1))


def test_on_linux_the_script_is_found_and_the_version_is_that_of_the_program_beside_it(
    linux: Machine, data: Path
) -> None:
    program = install(linux, linux.home / "BizHawk", (2, 10))
    found = find_bizhawk(linux, None, data)
    assert (found.program, found.version) == (program, (2, 10))
    assert str(found) == f"BizHawk 2.10 at {program}"


def test_the_newest_is_taken(windows: Machine, data: Path) -> None:
    install(windows, windows.home / "Downloads" / "BizHawk-2.10", (2, 10))
    newest = install(windows, windows.home / "Desktop" / "BizHawk-2.11.1", (2, 11, 1))
    install(windows, windows.home / "Downloads" / "BizHawk-2.9.1", (2, 9, 1))
    assert find_bizhawk(windows, None, data).program == newest


def test_one_of_which_nothing_is_known_is_rather_taken_than_one_that_is_too_old(windows: Machine, data: Path) -> None:
    install(windows, windows.home / "Downloads" / "BizHawk-2.9.1", (2, 9, 1))
    unknown = install(windows, windows.home / "Desktop" / "BizHawk-dev", None)
    found = find_bizhawk(windows, None, data)
    assert found == BizHawk(unknown, None)
    assert str(found) == f"BizHawk at {unknown}"


def test_the_last_one_is_remembered_and_a_new_one_found_when_it_is_gone(windows: Machine, data: Path) -> None:
    old = install(windows, windows.home / "far away" / "Bïzhawk", (2, 10))
    remember(data, find_bizhawk(windows, old.parent, data))
    new = install(windows, windows.home / "Downloads" / "BizHawk")
    assert find_bizhawk(windows, None, data).program == old
    old.unlink()
    assert find_bizhawk(windows, None, data).program == new


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"\0", b"/nowhere\n"])
def test_what_is_remembered_may_be_damaged(windows: Machine, data: Path, content: bytes) -> None:
    (data / ".bizhawk").write_bytes(content)
    program = install(windows, windows.home / "Downloads" / "BizHawk")
    assert find_bizhawk(windows, None, data).program == program


def test_the_last_one_is_known_without_a_search_while_it_can_be_used(windows: Machine, data: Path) -> None:
    assert last_bizhawk(data) is None
    program = install(windows, windows.home / "Downloads" / "BizHawk")
    assert last_bizhawk(data) is None
    remember(data, BizHawk(program, None))
    found = last_bizhawk(data)
    assert found is not None
    assert found.program == program
    program.unlink()
    assert last_bizhawk(data) is None


def test_a_data_folder_that_is_not_there_yet_remembers_nothing(windows: Machine, tmp_path: Path) -> None:
    program = install(windows, windows.home / "Downloads" / "BizHawk")
    found = find_bizhawk(windows, None, tmp_path / "none")
    remember(tmp_path / "none", found)
    assert found.program == program


@pytest.mark.parametrize("by_folder", [True, False])
def test_the_option_comes_before_everything(windows: Machine, data: Path, by_folder: bool) -> None:
    install(windows, windows.home / "Downloads" / "BizHawk", (2, 11, 1))
    named = install(windows, windows.home / "mine", (2, 10))
    assert find_bizhawk(windows, named.parent if by_folder else named, data).program == named


def test_the_environment_comes_before_what_is_remembered(windows: Machine, data: Path) -> None:
    remember(data, BizHawk(install(windows, windows.home / "Downloads" / "BizHawk"), None))
    named = install(windows, windows.home / "mine")
    machine = replace(windows, environment={BIZHAWK_VARIABLE: str(named.parent)})
    assert find_bizhawk(machine, None, data).program == named


def test_quotation_marks_in_the_environment_are_not_part_of_it(windows: Machine, data: Path) -> None:
    named = install(windows, windows.home / "mine")
    machine = replace(windows, environment={BIZHAWK_VARIABLE: f'"{named.parent}"'})
    assert find_bizhawk(machine, None, data).program == named


def test_it_is_found_on_the_path(windows: Machine, data: Path) -> None:
    if os.name == "nt":
        pytest.skip("the search path of the system is not used here")
    named = install(windows, windows.home / "tools")
    named.chmod(0o755)
    machine = replace(windows, environment={"PATH": str(named.parent)})
    assert find_bizhawk(machine, None, data).program == named


def test_the_windows_program_named_on_linux_means_its_script(linux: Machine, data: Path) -> None:
    program = install(linux, linux.home / "BizHawk")
    assert find_bizhawk(linux, program.with_name("EmuHawk.exe"), data).program == program


def test_none_at_all_is_reported_with_where_to_get_it(windows: Machine, data: Path) -> None:
    with pytest.raises(BizHawkError, match=r"was not found, .*get it from https://tasvideos.org/BizHawk, or name its"):
        find_bizhawk(windows, None, data)


def test_one_that_is_still_packed_is_reported(windows: Machine, data: Path) -> None:
    packed = windows.home / "Downloads" / "BizHawk-2.11.1-win-x64.zip"
    packed.touch()
    with pytest.raises(BizHawkError) as caught:
        find_bizhawk(windows, None, data)
    assert str(caught.value) == f"{packed} is BizHawk still packed: unpack it into a folder of its own, then try again."


@pytest.mark.parametrize("named", [True, False])
def test_one_that_is_too_old_is_reported(windows: Machine, data: Path, named: bool) -> None:
    program = install(windows, windows.home / "Downloads" / "BizHawk-2.9.1", (2, 9, 1))
    with pytest.raises(BizHawkError) as caught:
        find_bizhawk(windows, program.parent if named else None, data)
    assert str(caught.value) == (
        f"BizHawk 2.9.1 at {program} is too old, gbatrace needs 2.10 or newer: "
        "get it from https://tasvideos.org/BizHawk and name its folder with --bizhawk."
    )


def test_a_folder_without_it_is_reported(windows: Machine, data: Path) -> None:
    with pytest.raises(BizHawkError, match=r"There is no EmuHawk\.exe at .*Desktop: name BizHawk's folder with --biz"):
        find_bizhawk(windows, windows.home / "Desktop", data)


def test_a_folder_of_nobody_is_reported(windows: Machine, data: Path) -> None:
    with pytest.raises(BizHawkError, match=r"There is no EmuHawk\.exe at .*~nobody-at-all"):
        find_bizhawk(windows, Path("~nobody-at-all"), data)


@pytest.mark.parametrize("name", ["BizHawk-2.11.1-win-x64.ZIP", "BizHawk-2.11.1-linux-x64.tar.gz"])
def test_an_archive_that_is_named_is_reported_as_packed(windows: Machine, data: Path, name: str) -> None:
    packed = windows.home / "Downloads" / name
    packed.touch()
    with pytest.raises(BizHawkError, match="is BizHawk still packed: unpack it"):
        find_bizhawk(windows, packed, data)


def test_a_mac_has_none(windows: Machine, data: Path) -> None:
    with pytest.raises(BizHawkError, match="runs on Windows and Linux only"):
        find_bizhawk(replace(windows, system="darwin"), None, data)


def test_old_copies_of_the_script_in_bizhawks_folder_are_found(windows: Machine) -> None:
    program = install(windows, windows.home / "BizHawk")
    assert old_script_copies(BizHawk(program, None)) == []
    copied = program.parent / "Lua" / "wire" / "link.lua"
    copied.parent.mkdir(parents=True)
    copied.touch()
    assert old_script_copies(BizHawk(program, None)) == [copied.parent]


def test_the_machine_that_this_runs_on_is_described() -> None:
    machine = this_machine()
    assert machine.home.is_dir()
    assert machine.here == Path.cwd()
    assert machine.windows is (os.name == "nt")


class TestVersion:
    """Version in the resources of EmuHawk.exe."""

    @pytest.mark.parametrize("version", [(2, 9, 1), (2, 10), (2, 11), (2, 11, 1), (2, 100)])
    def test_reads_a_release(self, tmp_path: Path, version: Version) -> None:
        assert read_program_version(write_program(tmp_path / "Émü Hawk.exe", version)) == version

    def test_what_every_build_is_called_says_nothing(self, tmp_path: Path) -> None:
        assert read_program_version(write_program(tmp_path / "EmuHawk.exe", (1, 0))) is None

    def test_a_program_without_resources_has_no_version(self, tmp_path: Path) -> None:
        assert read_program_version(write_program(tmp_path / "EmuHawk.exe", None)) is None

    @pytest.mark.parametrize("content", [b"", b"MZ", b"\x7fELF" + bytes(200), b"MZ" + bytes(58) + b"\xff" * 300])
    def test_what_is_no_program_has_no_version(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "EmuHawk.exe").write_bytes(content)
        assert read_program_version(tmp_path / "EmuHawk.exe") is None

    def test_a_version_cut_off_in_the_middle_is_none(self, tmp_path: Path) -> None:
        program = write_program(tmp_path / "EmuHawk.exe", (2, 11))
        program.write_bytes(program.read_bytes()[:0x240])
        assert read_program_version(program) is None

    def test_a_program_that_is_missing_has_no_version(self, tmp_path: Path) -> None:
        assert read_program_version(tmp_path / "EmuHawk.exe") is None
