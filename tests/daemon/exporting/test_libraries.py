import json.decoder
import sys
from pathlib import Path

import pytest

from daemon.exporting.errors import LibraryError
from daemon.exporting.libraries import require


def test_the_first_of_the_modules_is_given() -> None:
    assert require("json.decoder", "json") is json.decoder


@pytest.mark.parametrize("modules", [("no_such_library.tables",), ("json", "no_such_library")])
def test_what_is_missing_is_named_with_the_way_to_install_it(modules: tuple[str, ...]) -> None:
    with pytest.raises(LibraryError, match=r'needs no_such_library, .*: `python -m pip install -e "\.\[export\]"` in'):
        require(*modules)


def test_a_library_that_misses_one_of_its_own_names_that_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "half_installed.py").write_text("import no_such_part.inside\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(LibraryError, match="needs no_such_part,"):
        require("half_installed")


def test_windows_on_arm_is_told_of_the_python_that_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("platform.machine", lambda: "ARM64")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(LibraryError, match=r"needs pyarrow, .*: there is none for Windows on ARM, so install the x64"):
        require("pyarrow")
