"""The writer as a process."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from daemon.disk.durability import Durability
from daemon.disk.file_lock import FileLock
from daemon.processes.joined_process import start_joined
from daemon.processes.writer_process import writer_command
from daemon.writer.jobs import Open, ReportReader, WriteSet, job_bytes
from protocol.session.layout import session_folder

OPEN = Open("run", b"{}\n")


def a_set(number: int) -> WriteSet:
    return WriteSet("run", number, b"{}" * 30_000, b"\x89PNG")


def reports(joined: socket.socket, count: int) -> list[str]:
    reader, heard = ReportReader(), list[str]()
    joined.settimeout(20)
    while len(heard) < count:
        data = joined.recv(1000)
        assert data, heard
        heard += (refusal for _, refusal, _ in reader.receive_data(data))
    return heard


def stored(data: Path) -> list[int]:
    return sorted(int(path.parent.name) for path in data.glob("run/[0-9]*/event.json"))


def left(data: Path) -> list[Path]:
    return list(data.glob("run/.*"))


async def started(data: Path) -> tuple["subprocess.Popen[bytes]", socket.socket]:
    return await start_joined(writer_command(data, Durability.POWER))


async def test_it_reports_each_job_and_ends_with_its_socket(tmp_path: Path) -> None:
    process, joined = await started(tmp_path)
    with joined:
        joined.sendall(job_bytes(OPEN) + job_bytes(a_set(0)) + job_bytes(WriteSet("no", 0, b"")))
        heard = reports(joined, 3)
    assert heard[:2] == ["", ""]
    assert "no stopped being recorded" in heard[2]
    with process:
        assert process.wait(20) == 0
    lock = FileLock.take(session_folder(tmp_path, "run").lock)
    assert lock is not None
    lock.release()


async def test_when_the_daemon_is_gone_it_stores_what_had_come(tmp_path: Path) -> None:
    process, joined = await started(tmp_path)
    with joined:
        joined.sendall(job_bytes(OPEN) + b"".join(job_bytes(a_set(number)) for number in range(20))[:-10])
    with process:
        assert process.wait(20) == 0
    assert stored(tmp_path) == list(range(19))
    assert left(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="there it is in a group of its own")
async def test_ctrl_c_is_not_for_it(tmp_path: Path) -> None:
    process, joined = await started(tmp_path)
    with joined:
        joined.sendall(job_bytes(OPEN))
        reports(joined, 1)
        process.send_signal(signal.SIGINT)
        joined.sendall(job_bytes(a_set(0)))
        assert reports(joined, 1) == [""]
    with process:
        assert process.wait(20) == 0


def test_it_loads_quickly() -> None:
    heavy = ("numpy", "PIL", "zmq", "rich", "typer", "asyncio.base_events")
    code = f"import sys, daemon.writer.__main__; print([name for name in {heavy} if name in sys.modules])"
    start = time.perf_counter()
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout == "[]\n", f"in {time.perf_counter() - start:.2f} s"
