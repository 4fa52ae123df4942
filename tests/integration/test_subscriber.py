"""Live subscribers while a daemon records: the one in docs/programs.md as it stands there, and one that joins late."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgpack
import numpy
import zmq

import resources
from lua.headless.emulator import Emulator
from lua.headless.inputs import read_inputs
from protocol.changes import U32
from protocol.session.frame_set import FrameSet
from protocol.session.reader import open_session
from resources import event_logger
from tests.fakes.demo_game import demo_console
from tests.integration.running_daemon import running_daemon

ENOUGH = 20
"""Frame sets after which the subscriber is believed."""

PROGRAMS = Path(__file__).parents[2] / "docs" / "programs.md"


def test_the_readmes_subscriber_hears_every_frame_set(tmp_path: Path) -> None:
    snippets = re.findall(r"```python\n(.*?)```", PROGRAMS.read_text("utf-8"), re.DOTALL)
    (snippet,) = (code for code in snippets if "zmq" in code)
    with running_daemon(tmp_path / "data") as endpoints:
        code = snippet.replace("tcp://127.0.0.1:9990", endpoints.pub)
        with subprocess.Popen(
            [sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, text=True, encoding="utf-8"
        ) as subscriber:
            heard: list[tuple[int, int]] = []
            reading = threading.Thread(target=_read, args=(subscriber, heard))
            reading.start()
            try:
                with playing(endpoints.link_port) as play:
                    for _ in range(400):
                        play(25)
                        time.sleep(0.02)
                        if len(heard) >= ENOUGH:
                            break
            finally:
                subscriber.kill()
                reading.join()
    numbers = [number for number, _ in heard]
    assert len(numbers) >= ENOUGH
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert any(words for _, words in heard)


def test_who_joins_late_takes_the_folders_first_and_misses_nothing(tmp_path: Path) -> None:
    """Subscribe, ask for the state, read what is stored, then take what was published after that state."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    with running_daemon(tmp_path / "data") as endpoints, playing(endpoints.link_port) as play:
        play(60)
        with context.socket(zmq.SUB) as bus, context.socket(zmq.DEALER) as ask:
            bus.connect(endpoints.pub)
            bus.subscribe("set/")
            ask.connect(endpoints.router)
            secret = (tmp_path / "data" / ".keys" / "bus.secret").read_text("ascii").strip()
            ask.send(msgpack.packb({"id": 1, "command": "state", "arguments": {}, "secret": secret}))
            state = msgpack.unpackb(ask.recv())["result"]
            (session,) = state["sessions"]
            stored = open_session(Path(state["data_folder"]) / session["session_id"])
            had = stored.frame_set_ids()
            known = {number: len(numpy.concatenate(addresses(stored.frame_set(number)))) for number in had}
            play(60)
            while bus.poll(2000):
                body = msgpack.unpackb(bus.recv_multipart()[1])
                if body["n"] > state["n"]:
                    columns = [numpy.frombuffer(scan["addresses"], "<u4") for scan in body["changes"]]
                    known[body["frame_set"]["frame_set_id"]] = sum(map(len, columns))
    context.term()
    assert len(had) >= 10
    assert sorted(known) == list(range(len(known)))
    assert len(known) > len(had)
    assert known == {
        number: len(numpy.concatenate(addresses(stored.frame_set(number)))) for number in stored.frame_set_ids()
    }


def addresses(frame_set: FrameSet) -> list[U32]:
    return [numpy.empty(0, numpy.uint32), *(scan.addresses for scan in frame_set.changes)]


@contextmanager
def playing(link_port: int) -> Iterator[Callable[[int], None]]:
    """Play the demo game with the script; yields what plays some more frames."""
    emulator = Emulator(
        demo_console(),
        link=("127.0.0.1", link_port),
        inputs=read_inputs(resources.demo_tour()),
        userdata={"spool_size": 0},
    )
    try:
        emulator.start_script(event_logger())
        yield emulator.run_frames
    finally:
        emulator.close()


def _read(subscriber: "subprocess.Popen[str]", heard: list[tuple[int, int]]) -> None:
    assert subscriber.stdout is not None
    for line in subscriber.stdout:
        found = re.fullmatch(r"set/\S+ (\d+) changed (\d+) words\n", line)
        assert found, line
        heard.append((int(found[1]), int(found[2])))
