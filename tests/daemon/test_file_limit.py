import subprocess
import sys

import pytest

from daemon.file_limit import allow_many_files

LIMITED = """
import resource
from daemon.file_limit import allow_many_files
resource.setrlimit(resource.RLIMIT_NOFILE, (128, 512))
allow_many_files()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_the_limit_is_raised_as_far_as_the_system_lets_us() -> None:
    done = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["512", "512"]


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere there is a limit")
def test_where_there_is_no_limit_nothing_is_done() -> None:
    allow_many_files()
