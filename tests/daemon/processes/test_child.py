"""Child processes that end with us."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from daemon.processes.child import Child, child_options, deliver_on
from tests.fakes.patience import PATIENCE, until

UNTIL_STDIN_ENDS = "import sys; print('ready', flush=True); sys.stdin.read(); print('asked to end'); sys.exit(3)"
NEVER = "import time; print('ready', flush=True); time.sleep(60)"


class Witness:
    """Runs a Python child and collects its lines."""

    def __init__(self, code: str) -> None:
        self.lines: list[str] = []
        self.codes: list[int] = []
        self._said = threading.Event()
        self._ended = threading.Event()
        self.child = Child([sys.executable, "-u", "-c", code], self._line, self._exit)

    def wait_for_a_line(self) -> None:
        assert self._said.wait(PATIENCE)

    def wait_for_the_end(self) -> None:
        assert self._ended.wait(PATIENCE)

    def _line(self, line: str) -> None:
        self.lines.append(line)
        self._said.set()

    def _exit(self, code: int) -> None:
        self.codes.append(code)
        self._ended.set()


def test_what_it_prints_is_heard_errors_included() -> None:
    witness = Witness("import sys; print('one'); print('ä€', file=sys.stderr); print('three  ')")
    witness.wait_for_the_end()
    assert witness.lines == ["one", "ä€", "three"]
    assert witness.codes == [0]
    witness.child.stop(PATIENCE)


def test_it_is_asked_to_end_by_the_end_of_its_standard_input() -> None:
    witness = Witness(UNTIL_STDIN_ENDS)
    witness.wait_for_a_line()
    witness.child.stop(PATIENCE)
    assert witness.lines == ["ready", "asked to end"]
    assert witness.codes == [3]


def test_one_that_does_not_listen_is_killed() -> None:
    witness = Witness(NEVER)
    witness.wait_for_a_line()
    began = time.monotonic()
    witness.child.stop(0.05)
    assert time.monotonic() - began < PATIENCE
    assert witness.codes != [0]


def test_stopping_twice_is_stopping_once() -> None:
    witness = Witness(UNTIL_STDIN_ENDS)
    witness.wait_for_a_line()
    witness.child.stop(PATIENCE)
    witness.child.stop(PATIENCE)
    assert witness.codes == [3]


@pytest.mark.filterwarnings("error")
def test_one_that_ended_by_itself_leaves_nothing_open() -> None:
    witness = Witness("pass")
    witness.wait_for_the_end()
    witness.child._thread.join()
    pipes = (witness.child._process.stdin, witness.child._process.stdout)
    assert all(pipe is not None and pipe.closed for pipe in pipes)
    del witness
    gc.collect()


@pytest.mark.skipif(sys.platform == "win32", reason="a group of processes is another thing there")
def test_ctrl_c_in_our_terminal_does_not_reach_it() -> None:
    witness = Witness(UNTIL_STDIN_ENDS)
    witness.wait_for_a_line()
    assert os.getpgid(witness.child._process.pid) != os.getpgid(0)
    witness.child.stop(PATIENCE)
    assert witness.codes != [-signal.SIGINT]


def test_bytes_that_are_no_text_are_heard_as_well_as_they_can_be() -> None:
    witness = Witness("import sys; sys.stdout.buffer.write(b'a\\xffb\\n')")
    witness.wait_for_the_end()
    assert witness.lines == ["a\ufffdb"]
    witness.child.stop(PATIENCE)


class TestDelivery:
    async def test_what_a_thread_says_is_handled_on_the_loop(self) -> None:
        heard: list[tuple[str, str]] = []

        def hear(text: str) -> None:
            heard.append((text, threading.current_thread().name))

        deliver = deliver_on(asyncio.get_running_loop(), hear)
        threading.Thread(target=deliver, args=("hello",), name="other").start()
        await until(lambda: heard)
        assert heard == [("hello", threading.current_thread().name)]

    def test_nothing_is_reported_after_the_end(self) -> None:
        loop = asyncio.new_event_loop()
        deliver = deliver_on(loop, lambda _value: pytest.fail("the loop is closed"))
        loop.close()
        deliver("late")


SPELL = "import sys; print('José ✓', sys.stdout.encoding)"


def test_what_a_child_writes_is_utf8_whatever_the_code_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    child = subprocess.run([sys.executable, "-c", SPELL], check=True, stdout=subprocess.PIPE, **child_options())
    assert child.stdout.decode("utf-8").split() == ["José", "✓", "utf-8"]


def test_on_windows_it_has_a_console_of_its_own_that_nobody_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    for name, flag in (("CREATE_NO_WINDOW", 0x08000000), ("CREATE_NEW_PROCESS_GROUP", 0x200)):
        monkeypatch.setattr(subprocess, name, flag, raising=False)
    options = child_options()
    assert options["creationflags"] == 0x08000200
    assert "start_new_session" not in options
