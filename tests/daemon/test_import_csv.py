"""`python -m daemon.import_csv`, where the original had its converter."""

import subprocess
import sys
from pathlib import Path

from protocol.session.reader import open_session
from tests.daemon.importing.made import log_row, write_log

ROOT = Path(__file__).parents[2]


def test_it_imports(tmp_path: Path) -> None:
    log = write_log(tmp_path / "event_log.csv", [log_row(0)])
    command = [
        sys.executable,
        "-m",
        "daemon.import_csv",
        "--csv",
        str(log),
        "--output",
        str(tmp_path),
        "--session_name",
        "run",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Imported 1 row as 1 frame set:" in done.stdout
    assert open_session(tmp_path / "run").frame_set_ids() == [0]


def test_an_error_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "daemon.import_csv", "--csv", str(tmp_path / "nothing.csv")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("gbatrace: The log ")
