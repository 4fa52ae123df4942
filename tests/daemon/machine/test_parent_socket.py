"""The child's end of the socket; tests of both ends are in `tests/daemon/processes/test_joined_process.py`."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from daemon.machine.file_limit import allow_many_files
from daemon.machine.parent_socket import is_readable


def test_a_process_that_nobody_joined_fails() -> None:
    program = "from daemon.machine.parent_socket import join; join()"
    ended = subprocess.run([sys.executable, "-c", program], input=b"", check=False, capture_output=True)
    assert ended.returncode != 0


@pytest.fixture
def many_open_files() -> Iterator[None]:
    """Let the next descriptors be beyond those that `select` takes."""
    allow_many_files()
    null = os.open(os.devnull, os.O_RDONLY)
    files = [null]
    try:
        while files[-1] < 1024:
            files.append(os.dup(null))
        yield
    finally:
        for file in files:
            os.close(file)


@pytest.mark.skipif(sys.platform == "win32", reason="its select counts sockets, whatever their numbers")
@pytest.mark.usefixtures("many_open_files")
def test_a_socket_beyond_the_first_thousand_descriptors_is_waited_for() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert not is_readable(ours, 0)
        theirs.send(b"job")
        assert is_readable(ours, 60)
        ours.recv(3)
        theirs.close()
        assert is_readable(ours, 60)
