"""The README's live subscriber, as it stands there, against a daemon that records."""

import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import resources
from daemon.cli import SCRIPT
from lua.headless.emulator import Emulator
from lua.headless.inputs import NoInputs
from lua.headless.libretro_core import LibretroCore
from tests.integration.running_daemon import running_daemon

ENOUGH = 20
"""Frame sets after which the subscriber is believed."""

README = Path(__file__).parents[2] / "README.md"


def test_the_readmes_subscriber_hears_every_frame_set(tmp_path: Path) -> None:
    (snippet,) = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    with running_daemon(tmp_path / "data") as endpoints:
        code = snippet.replace("tcp://127.0.0.1:9990", endpoints.pub)
        with subprocess.Popen(
            [sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, text=True, encoding="utf-8"
        ) as subscriber:
            heard: list[tuple[int, int]] = []
            reading = threading.Thread(target=_read, args=(subscriber, heard))
            reading.start()
            emulator = Emulator(
                LibretroCore(resources.demo_rom()),
                link=("127.0.0.1", endpoints.link_port),
                inputs=NoInputs(),
                userdata={"spool_size": 0},
            )
            try:
                emulator.start_script(SCRIPT)
                for _ in range(400):
                    emulator.run_frames(25)
                    time.sleep(0.02)
                    if len(heard) >= ENOUGH:
                        break
            finally:
                emulator.close()
                subscriber.kill()
                reading.join()
    numbers = [number for number, _ in heard]
    assert len(numbers) >= ENOUGH
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert any(words for _, words in heard)


def _read(subscriber: "subprocess.Popen[str]", heard: list[tuple[int, int]]) -> None:
    assert subscriber.stdout is not None
    for line in subscriber.stdout:
        found = re.fullmatch(r"set/\S+ (\d+) changed (\d+) words\n", line)
        assert found, line
        heard.append((int(found[1]), int(found[2])))
