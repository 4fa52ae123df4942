"""Set-up and start in one command, typed alike in every shell: `py start.py demo`.

On Linux and macOS that is `python3 start.py demo`.

Makes the virtual environment `.venv` beside this file where there is none, installs gbatrace into it, and runs
`gbatrace` with the words that follow; `test` runs the tests. Inside a virtual environment it uses that one. It needs
nothing but Python, and says in one sentence where that is too old.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import signal
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDEST = (3, 11)
EXTRAS = {"test": "test", "export": "demo,export", "dataset": "demo,export", "fleet": "fleet"}
"""Extras of pyproject.toml that a command needs; `demo` for all others."""
COMMAND_VARIABLE = "GBATRACE_COMMAND"
"""Environment variable with the command that was typed, for usage and help; `daemon/cli/app.py` reads it."""


class SetUpError(Exception):
    """The set-up cannot go on; `str()` is a sentence for the user."""


def main(words: list[str]) -> int:
    """Set up and start; gives the exit code."""
    try:
        python = environment(HERE)
        install(python, EXTRAS.get(words[0] if words else "", "demo"))
    except SetUpError as error:
        print(f"start.py: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("start.py: interrupted; the same command goes on with it.", file=sys.stderr)
        return 130
    if words[:1] == ["test"]:
        os.chdir(HERE)
        return run([str(python), "-m", "pytest", *words[1:]])
    os.environ[COMMAND_VARIABLE] = f"{'py' if os.name == 'nt' else 'python3'} {sys.argv[0]}"
    return run([str(python), "-P", "-m", "daemon", *words])


def environment(folder: Path) -> Path:
    """Give the Python of this virtual environment, or else of `.venv`, which is made if missing.

    Raises:
        SetUpError: it cannot be made.
    """
    if sys.version_info < OLDEST:
        version = ".".join(map(str, OLDEST))
        raise SetUpError(
            f"this is Python {sys.version.split()[0]}, gbatrace needs {version} or newer: get it from python.org."
        )
    if sys.prefix != sys.base_prefix:
        return Path(sys.executable)
    python = folder / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not works(python):
        if importlib.util.find_spec("ensurepip") is None:
            raise SetUpError("this Python cannot make virtual environments: `sudo apt install python3-venv` brings it.")
        print(f"Making a virtual environment in {python.parents[1]} ...", flush=True)
        try:
            venv.create(python.parents[1], with_pip=True, clear=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise SetUpError(f"the virtual environment {python.parents[1]} cannot be made: {error}.") from None
    return python


def works(python: Path) -> bool:
    """Tell whether an environment's Python is there, new enough, and has pip."""
    code = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([str(python), "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def install(python: Path, extras: str) -> None:
    """Install gbatrace with extras, unless that was done and nothing has changed since.

    Raises:
        SetUpError: pip could not.
    """
    stamp = python.parents[1] / f".gbatrace-{extras.replace(',', '-')}"
    wanted = hashlib.sha256((HERE / "pyproject.toml").read_bytes() + str(HERE).encode()).hexdigest()
    if stamp.is_file() and stamp.read_text("ascii") == wanted:
        return
    print("Installing gbatrace and what it needs, once ...", flush=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", f"{HERE}[{extras}]"]
    if subprocess.run(command, check=False).returncode:
        raise SetUpError("pip could not install gbatrace; its message stands above.")
    stamp.write_text(wanted, "ascii")


def run(command: list[str]) -> int:
    """Run a command in place of this program; Ctrl+C and Ctrl+Break are for it."""
    if os.name != "nt":
        os.execv(command[0], command)
    for number in (signal.SIGINT, signal.SIGBREAK):  # type: ignore[attr-defined,unused-ignore]
        signal.signal(number, lambda *_: None)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
