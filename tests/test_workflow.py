"""The workflow types what the README says, on the systems and Pythons that are promised."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
WORKFLOW = (ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8")


def test_each_way_to_start_is_the_readmes() -> None:
    starts = set(re.findall(r"start: (.+?) }", WORKFLOW))
    blocks = re.findall(r"^```\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
    typed = {line.rpartition(" ")[0] for block in blocks for line in block.splitlines() if " start.py " in line}
    assert starts == typed


def test_every_promised_system_and_the_oldest_python_are_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f'python: ["{project["requires-python"].removeprefix(">=")}"' in WORKFLOW
    assert re.search(r"os: \[windows-latest, macos-latest, ubuntu-latest\]", WORKFLOW)
    assert set(re.findall(r"windows-latest, shell: (\w+)", WORKFLOW)) == {"cmd", "powershell", "pwsh", "bash"}


def test_the_learning_job_has_a_python_that_lerobot_takes() -> None:
    _, _, job = WORKFLOW.partition("\n  learning:\n")
    asked = re.search(r'python-version: "([\d.]+)"', job)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    (lerobot,) = [line for line in extras["learning"] if line.startswith("lerobot")]
    marker = Requirement(lerobot).marker
    assert asked
    assert marker is None or marker.evaluate({"python_version": asked[1]})
    assert "- run: .ci/learning" in job


def test_the_suite_leaves_the_learning_job_alone(pytestconfig: pytest.Config) -> None:
    ignored = pytestconfig.hook.pytest_ignore_collect
    assert ignored(collection_path=ROOT / "tests" / "learning", config=pytestconfig)
    assert not ignored(collection_path=ROOT / "tests" / "daemon", config=pytestconfig)
