"""`gbatrace check`, typed as a person types it on a machine without BizHawk and without a core."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.fakes.process_control import OWN_GROUP, ask_to_stop

CHECK = [sys.executable, "-m", "daemon", "check", "--data"]


def test_a_good_machine_is_called_so_in_one_table(tmp_path: Path) -> None:
    environment = {**os.environ, "GBATRACE_CORE": str(tmp_path / "no_core.so"), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [*CHECK, str(tmp_path / "data")], env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "This is a tape of mGBA" in done.stdout
    subjects = re.findall(r"^✓  (\w+)", done.stdout, re.MULTILINE)
    judged = ["emulator", "frames", "buttons", "memory", "screenshots", "files", "speed", "page"]
    assert subjects == ["versions", *judged]
    assert "3,600, from 1 to 3600, none missing" in done.stdout


def test_a_data_folder_that_cannot_be_one_is_an_error_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = subprocess.run([*CHECK, str(tmp_path / "file")], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("gbatrace: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_check_that_is_stopped_is_not_passed(tmp_path: Path) -> None:
    words = [*CHECK, str(tmp_path / "data")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, encoding="utf-8", creationflags=OWN_GROUP) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "connected, session check" in line:
                ask_to_stop(process)
    assert process.returncode == 1
