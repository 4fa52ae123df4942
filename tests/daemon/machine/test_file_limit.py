import subprocess
import sys

import pytest

from daemon.machine.file_limit import allow_many_files, connections_allowed

LIMITED = """
import resource
from daemon.machine.file_limit import allow_many_files
resource.setrlimit(resource.RLIMIT_NOFILE, (128, 512))
allow_many_files()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_the_limit_is_raised_as_far_as_the_system_lets_us() -> None:
    done = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["512", "512"]


LIKE_MACOS = """
import resource
from daemon.machine.file_limit import allow_many_files
resource.getrlimit = lambda which: (256, resource.RLIM_INFINITY)

def setrlimit(which, limits):
    if limits[0] > 61440:
        raise ValueError("current limit exceeds maximum limit")
    print(*limits)

resource.setrlimit = setrlimit
allow_many_files()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_system_that_takes_less_than_its_hard_limit_gets_less() -> None:
    done = subprocess.run([sys.executable, "-c", LIKE_MACOS], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["32768", "-1"]


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere there is a limit")
def test_where_there_is_no_limit_nothing_is_done() -> None:
    allow_many_files()


def test_connections_stay_below_what_select_takes_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert 400 < connections_allowed() < 512


FEW_FILES = """
import resource
from daemon.machine.file_limit import connections_allowed
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
print(connections_allowed())
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 256))
print(connections_allowed())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_elsewhere_they_stay_below_the_limit_of_open_files() -> None:
    done = subprocess.run([sys.executable, "-c", FEW_FILES], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["96", "8"]
