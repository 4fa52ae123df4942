"""How every child process of ours is started."""

import subprocess
import sys

import pytest

from daemon.processes.child_options import child_options

SAY = "import sys; print('José ✓', sys.stdout.encoding)"


def test_what_a_child_writes_is_utf8_whatever_the_code_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    child = subprocess.run([sys.executable, "-c", SAY], check=True, stdout=subprocess.PIPE, **child_options())
    assert child.stdout.decode("utf-8").split() == ["José", "✓", "utf-8"]


def test_on_windows_it_has_a_console_of_its_own_that_nobody_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    for name, flag in (("CREATE_NO_WINDOW", 0x08000000), ("CREATE_NEW_PROCESS_GROUP", 0x200)):
        monkeypatch.setattr(subprocess, name, flag, raising=False)
    options = child_options()
    assert options["creationflags"] == 0x08000200
    assert "start_new_session" not in options
