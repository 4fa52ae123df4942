"""The child's end of the socket; tests of both ends are in `tests/daemon/processes/test_joined_process.py`."""

import subprocess
import sys


def test_a_process_that_nobody_joined_fails() -> None:
    program = "from daemon.machine.parent_socket import join; join()"
    ended = subprocess.run([sys.executable, "-c", program], input=b"", check=False, capture_output=True)
    assert ended.returncode != 0
