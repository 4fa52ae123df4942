"""`gbatrace doctor` as it is typed. `gbatrace check` is in tests/integration/test_check.py."""

import re
from pathlib import Path

from typer.testing import CliRunner

from daemon.cli.app import command_line


def test_it_ends_well_when_nothing_is_missing(tmp_path: Path) -> None:
    ports = [word for option in ("link", "bus", "command", "web") for word in (f"--{option}-port", "0")]
    result = CliRunner().invoke(command_line(), ["doctor", "--data", str(tmp_path), *ports])
    assert result.exit_code == 0
    assert re.search(rf"✓  data folder +{re.escape(str(tmp_path))}, ", result.output)


def test_it_ends_with_one_when_something_is(tmp_path: Path, taken: int) -> None:
    result = CliRunner().invoke(command_line(), ["doctor", "--data", str(tmp_path), "--link-port", str(taken)])
    assert result.exit_code == 1
    assert re.search(rf"✗  port {taken} +Port {taken} on 127.0.0.1", result.output)
