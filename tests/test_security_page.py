"""SECURITY.md: its numbers are those of the code, and the tests that it names exist."""

import re
import sys
from pathlib import Path

import pytest

from daemon.answering import open_sessions
from daemon.bus import HIGH_WATER, MAX_PENDING
from daemon.link.ingest import MAX_SILENT_HARD, MAX_SILENT_SOFT, SILENT_GRACE_S
from daemon.machine.file_limit import connections_allowed
from daemon.names.book import MAX_NAMES
from daemon.names.book_files import MAX_BOOK_BYTES
from daemon.names.named_address import MAX_NAME, MAX_NOTE, MAX_VALUES
from daemon.processes.analysis_process import MAX_QUESTIONS, MAX_SECONDS
from daemon.processes.question_queue import LANES
from daemon.recording.assembler import MAX_SET_CHANGES
from daemon.recording.recorder import MAX_JOBS, MAX_WAITING_CHANGES
from daemon.recording.rejections import PAUSE
from daemon.recording.sessions import MAX_OPEN
from protocol.bus.messages import MAX_REQUEST
from protocol.link.connection import MAX_EVENT
from protocol.link.framing import MAX_FIRST_PAYLOAD, MAX_PAYLOAD
from protocol.session.annotations import MAX_DESCRIPTION, MAX_TAGS, MAX_VALUE
from webui.access.auth import ALL_FAILURES, COOKIE_LIFETIME, FREE_FAILURES, LONGEST_WAIT, MAX_ADDRESSES
from webui.access.auth_views import MAX_LOGIN
from webui.access.connections import MAX_CONNECTIONS, MAX_HEADERS, MAX_WEBSOCKETS, PATIENCE
from webui.access.guard import MAX_BODY
from webui.live.feed import MAX_UNACKNOWLEDGED, PREVIEW_BACKLOG, PREVIEW_WINDOW
from webui.live.socket_server import MAX_WEBSOCKET_MESSAGE

PAGE = (Path(__file__).parents[1] / "SECURITY.md").read_text(encoding="utf-8")


def test_the_table_of_limits() -> None:
    limits = dict(re.findall(r"^\| (.+?) \| (.+) \|$", PAGE, re.MULTILINE))
    assert limits["message or screenshot on the link"].startswith(
        f"{MAX_PAYLOAD >> 20} MiB, {MAX_FIRST_PAYLOAD >> 10} KiB up to HELLO, an EVENT {MAX_EVENT >> 10} KiB;"
    )
    assert limits["connections to the link that sent nothing"].startswith(
        f"{MAX_SILENT_SOFT}, or {MAX_SILENT_HARD} that are younger than {SILENT_GRACE_S:.0f} s;"
    )
    assert f"more than {MAX_SET_CHANGES >> 20} million" in limits["memory of one session, whatever its emulator sends"]
    waiting = limits["frame sets of a session that wait for the disk"]
    assert waiting.startswith(f"{MAX_JOBS} jobs or a million changes")
    assert MAX_WAITING_CHANGES >> 20 == 1
    assert limits["sessions at once"] == f"{MAX_OPEN}"
    assert limits["request on the bus"].startswith(f"{MAX_REQUEST >> 20} MiB, {MAX_PENDING} carried out")
    questions = limits["questions about memory"]
    assert questions.startswith(f"{MAX_QUESTIONS} not answered, {LANES} worked on at a time, each {MAX_SECONDS:.0f} s;")
    assert f"; {open_sessions.MAX_OPEN} sessions kept open" in questions
    assert limits["publications that wait for a slow subscriber"].startswith(f"{HIGH_WATER:,},")
    assert limits["HTTP headers, and body"].startswith(
        f"{MAX_HEADERS >> 10} KiB, and {MAX_BODY >> 20} MiB (login: {MAX_LOGIN >> 10} KiB"
    )
    assert limits["WebSocket message from a browser"].startswith(f"{MAX_WEBSOCKET_MESSAGE >> 10} KiB,")
    unacknowledged = limits["messages that a browser has not acknowledged"]
    assert unacknowledged.startswith(f"{MAX_UNACKNOWLEDGED:,},")
    assert f"{PREVIEW_WINDOW} previews under way and {PREVIEW_BACKLOG} waiting" in unacknowledged
    assert limits["label text"] == f"{MAX_VALUE} characters a value, {MAX_DESCRIPTION:,} a description, {MAX_TAGS} tags"
    assert limits["names of a game's memory"] == (
        f"{MAX_NAMES:,} of a person's own, {MAX_BOOK_BYTES >> 20} MiB together; "
        f"{MAX_NAME} characters a name, {MAX_NOTE:,} a note, {MAX_VALUES:,} meanings"
    )
    pages = limits["connections to the page, and open pages"]
    assert pages.startswith(f"{MAX_CONNECTIONS} (")
    assert pages.endswith(f"and {MAX_WEBSOCKETS}")
    assert limits["silence on a connection to the page"] == f"{PATIENCE:.0f} s"
    assert limits["addresses that the login remembers"] == f"{MAX_ADDRESSES:,}"
    assert limits["lines about connections that were turned away"] == f"one in {PAUSE // 1000} s"


def test_the_limit_of_connections_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert f"On Windows {connections_allowed() // 2}, because" in PAGE


def test_every_test_that_it_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) >= 25
    root = Path(__file__).parents[1]
    missing = [f"{file}::{name}" for file, name in named if f"def {name}(" not in (root / file).read_text("utf-8")]
    assert missing == []


def test_the_numbers_of_the_login() -> None:
    assert f"good for {COOKIE_LIFETIME // 3600} hours" in PAGE
    assert f"after {FREE_FAILURES} wrong attempts of an address" in PAGE
    assert f"up to {LONGEST_WAIT:.0f} seconds" in PAGE
    assert f"after {ALL_FAILURES} of all addresses within a minute" in PAGE
