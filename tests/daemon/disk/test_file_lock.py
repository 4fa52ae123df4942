import os
import subprocess
import sys
import threading
from contextlib import nullcontext
from pathlib import Path

import pytest

from daemon.disk.file_lock import FileLock, is_held

HOLD = (
    "import sys; from pathlib import Path; from daemon.disk.file_lock import FileLock\n"
    "lock = FileLock.take(Path(sys.argv[1])); print(lock is not None, flush=True); sys.stdin.read()"
)


def held_by_another(path: Path) -> "subprocess.Popen[str]":
    """Start another process that takes the lock, and wait until it has it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    return process


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".recording"


def test_nobody_has_it_at_first_and_nothing_is_left_of_it(path: Path) -> None:
    lock = FileLock.take(path)
    assert lock is not None
    assert path.exists()
    lock.release()
    lock.release()
    assert not path.exists()


def test_what_is_released_can_be_taken_again(path: Path) -> None:
    for _ in range(2):
        lock = FileLock.take(path)
        assert lock is not None
        lock.release()


def test_what_another_process_has_cannot_be_taken_until_it_is_killed(path: Path) -> None:
    with held_by_another(path) as other:
        assert FileLock.take(path) is None
        other.kill()
    lock = FileLock.take(path)
    assert lock is not None
    lock.release()


def test_a_short_edit_waits_for_another_one(path: Path) -> None:
    lock = FileLock.take(path)
    assert lock is not None
    threading.Timer(0.1, lock.release).start()
    with FileLock.take_soon(path) or nullcontext() as later:
        assert later is not None
    assert not path.exists()


def test_a_short_edit_waits_for_no_longer_than_its_patience(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.disk.file_lock._PATIENCE", 0.0)
    lock = FileLock.take(path)
    assert lock is not None
    assert FileLock.take_soon(path) is None
    lock.release()


def test_what_we_have_cannot_be_taken_twice(path: Path) -> None:
    lock = FileLock.take(path)
    assert lock is not None
    assert FileLock.take(path) is None
    lock.release()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileLock.take(tmp_path / "none" / ".recording")


def test_a_file_system_that_never_agrees_with_itself_is_recorded_on(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os.path, "samestat", lambda _one, _other: False)
    lock = FileLock.take(path)
    assert lock is not None
    assert FileLock.take(path) is None
    lock.release()


def test_whether_it_is_held_can_be_asked(tmp_path: Path) -> None:
    path = tmp_path / ".recording"
    assert not is_held(path)
    lock = FileLock.take(path)
    assert lock is not None
    assert is_held(path)
    lock.release()
    assert not is_held(path)
    path.touch()
    assert not is_held(path), "left by a process that was killed"
    assert not path.exists()
