import hashlib
import re
from pathlib import Path

STATIC = Path(__file__).parents[2] / "webui" / "static"
VENDOR = STATIC / "vendor"


def test_vendored_files_are_whole_and_carry_their_licence() -> None:
    listed = dict(
        re.findall(
            r"^\| `([^`]+)` .* `([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    assert {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*.js")} == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, f"{name} is not the published file"
        assert list((VENDOR / name).parent.glob("LICENSE*.txt"))


def test_every_module_that_is_imported_is_there() -> None:
    for path in STATIC.rglob("*.js"):
        if VENDOR in path.parents:
            continue
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r'^(?:import|\} from|import .* from) ?"(\.[^"]+)"', text, re.MULTILINE):
            assert (path.parent / target).is_file(), f"{path.name} imports {target}"


def test_nothing_is_fetched_from_elsewhere() -> None:
    for path in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js"), STATIC.parent / "templates" / "index.html"]:
        if VENDOR not in path.parents:
            assert not re.search(r"https?://(?!www\.w3\.org)", path.read_text(encoding="utf-8")), path.name
