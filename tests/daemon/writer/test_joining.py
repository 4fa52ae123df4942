"""The writer's end of the socket; `tests.daemon.processes.test_joined_process` looks at both ends."""

import subprocess
import sys

JOIN = "from daemon.writer.joining import join; join()"


def test_a_process_that_nobody_joined_says_so() -> None:
    told = subprocess.run([sys.executable, "-c", JOIN], input=b"", check=False, capture_output=True)
    assert told.returncode != 0
