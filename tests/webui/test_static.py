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
    files = [*VENDOR.rglob("*.js"), *VENDOR.rglob("*.css")]
    assert {path.relative_to(VENDOR).as_posix() for path in files} == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, f"{name} is not the published file"
        assert list((VENDOR / name).parent.glob("LICENSE*.txt"))


def test_every_module_that_is_imported_is_there() -> None:
    for path in STATIC.rglob("*.js"):
        if VENDOR in path.parents:
            continue
        text = path.read_text(encoding="utf-8")
        imported = r'(?:^import|^\} from|^import .* from|\bimport\() ?"(\.[^"]+)"'
        for target in re.findall(imported, text, re.MULTILINE):
            assert (path.parent / target).is_file(), f"{path.name} imports {target}"


def test_nothing_is_fetched_from_elsewhere() -> None:
    for path in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js"), STATIC.parent / "templates" / "index.html"]:
        if VENDOR not in path.parents:
            assert not re.search(r"https?://(?!www\.w3\.org)", path.read_text(encoding="utf-8")), path.name


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def themes() -> dict[str, dict[str, str]]:
    css = (STATIC / "style" / "tokens.css").read_text("utf-8")
    found = re.findall(r'\[data-theme="(\w+)"\] \{(.*?)\}', css, re.DOTALL)
    return {name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6}(?:[0-9a-f]{2})?)\b", body)) for name, body in found}


def over(colour: str, alpha: str, ground: str) -> str:
    share = int(alpha, 16) / 255
    mixed = (
        round(int(colour[at : at + 2], 16) * share + int(ground[at : at + 2], 16) * (1 - share)) for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)


def test_text_can_be_read_on_every_surface() -> None:
    assert themes()["auto"] == themes()["light"]
    for name, colours in themes().items():
        for surface in ("ground", "panel", "raised", "hover"):
            for text in ("text", "strong", "dim", "accent", "live", "lost", "break"):
                found = contrast(colours[text], colours[surface])
                assert found >= 4.5, f"{name}: {text} on {surface} has a contrast of {found:.2f}"
            soft = over(colours["accent-soft"][:7], colours["accent-soft"][7:], colours[surface])
            for text in ("accent", "strong"):
                assert contrast(colours[text], soft) >= 4.5, f"{name}: {text} on a chosen row of {surface}"
        assert contrast(colours["on-amber"], colours["amber"]) >= 4.5
