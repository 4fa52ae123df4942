"""What EmuHawk.exe says of itself."""

from pathlib import Path

import pytest

from daemon.bizhawk.program_version import read_program_version
from daemon.bizhawk.version import Version
from tests.fakes.windows_program import write_program


@pytest.mark.parametrize("version", [(2, 9, 1), (2, 10), (2, 11), (2, 11, 1), (2, 100)])
def test_reads_a_release(tmp_path: Path, version: Version) -> None:
    assert read_program_version(write_program(tmp_path / "Émü Hawk.exe", version)) == version


def test_what_every_build_is_called_says_nothing(tmp_path: Path) -> None:
    assert read_program_version(write_program(tmp_path / "EmuHawk.exe", (1, 0))) is None


def test_a_program_without_resources_has_no_version(tmp_path: Path) -> None:
    assert read_program_version(write_program(tmp_path / "EmuHawk.exe", None)) is None


@pytest.mark.parametrize("content", [b"", b"MZ", b"\x7fELF" + bytes(200), b"MZ" + bytes(58) + b"\xff" * 300])
def test_what_is_no_program_has_no_version(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "EmuHawk.exe").write_bytes(content)
    assert read_program_version(tmp_path / "EmuHawk.exe") is None


def test_a_version_cut_off_in_the_middle_is_none(tmp_path: Path) -> None:
    program = write_program(tmp_path / "EmuHawk.exe", (2, 11))
    program.write_bytes(program.read_bytes()[:0x240])
    assert read_program_version(program) is None


def test_a_program_that_is_missing_has_no_version(tmp_path: Path) -> None:
    assert read_program_version(tmp_path / "EmuHawk.exe") is None
