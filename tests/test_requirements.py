"""Requirements on each platform: only packages that have wheels there."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]

PLATFORMS = {
    "Windows": ("win32", "AMD64"),
    "Windows on ARM": ("win32", "ARM64"),
    "macOS": ("darwin", "arm64"),
    "macOS on Intel": ("darwin", "x86_64"),
    "Linux": ("linux", "x86_64"),
    "Linux on ARM": ("linux", "aarch64"),
}


def asked_for(listed: list[str], platform: str, python: str) -> list[Requirement]:
    system, machine = PLATFORMS[platform]
    environment = {"sys_platform": system, "platform_machine": machine, "python_version": python}
    return [
        requirement
        for requirement in map(Requirement, listed)
        if requirement.marker is None or requirement.marker.evaluate(environment)
    ]


def names(extra: str, platform: str) -> set[str]:
    return {requirement.name for requirement in asked_for(PROJECT["optional-dependencies"][extra], platform, "3.13")}


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.14"])
def test_gevent_is_asked_for_once(platform: str, python: str) -> None:
    (gevent,) = [entry for entry in asked_for(PROJECT["dependencies"], platform, python) if entry.name == "gevent"]
    assert ("26.9" in gevent.specifier) is not (platform.startswith("macOS") and python == "3.11")


def test_stable_retro_is_asked_for_where_it_has_wheels() -> None:
    assert {platform for platform in PLATFORMS if "stable-retro" in names("demo", platform)} == {"Linux", "macOS"}
    assert all({"lupa", "libretro.py"} <= names("demo", platform) for platform in PLATFORMS)


def test_pyarrow_is_not_asked_for_where_it_has_no_wheel() -> None:
    assert {platform for platform in PLATFORMS if "pyarrow" not in names("export", platform)} == {"Windows on ARM"}
