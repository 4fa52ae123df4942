"""Outputs that take any text and never fail the program."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from protocol.output import open_outputs

SAY = "from protocol.output import open_outputs; open_outputs(); print('✓ José メダロット \\udc80'); print('second')"
FULL = Path("/dev/full")


def said(encoding: str) -> bytes:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    return subprocess.run([sys.executable, "-c", SAY], check=True, capture_output=True, env=environment).stdout


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        ("cp1252", "+ José \\u30e1\\u30c0\\u30ed\\u30c3\\u30c8 \\udc80"),
        ("ascii", "+ Jos\\xe9 \\u30e1\\u30c0\\u30ed\\u30c3\\u30c8 \\udc80"),
        ("utf-8", "✓ José メダロット \\udc80"),
    ],
)
def test_what_an_encoding_lacks_is_replaced(encoding: str, line: str) -> None:
    assert said(encoding).decode(encoding).splitlines() == [line, "second"]


@pytest.mark.skipif(not FULL.exists(), reason="a device that only Linux has")
def test_a_full_disk_behind_the_output_is_no_failure() -> None:
    with FULL.open("wb") as full:
        ended = subprocess.run([sys.executable, "-c", SAY], stdout=full, stderr=subprocess.PIPE, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_reader_that_is_gone_is_no_failure() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run([sys.executable, "-c", SAY], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_program_without_a_console_says_it_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = io.StringIO()
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", kept)
    open_outputs()
    assert sys.stdout.write("to nobody\n") == 10
    assert sys.stderr is kept


def test_a_parent_may_ask_for_an_encoding(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code = "from protocol.output import open_outputs; open_outputs('utf-8'); print('José')"
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    assert capfdbinary.readouterr().out.decode("utf-8").rstrip() == "José"
