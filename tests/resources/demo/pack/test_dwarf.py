"""Variables of a program, as the demo game's compiler describes them."""

import subprocess
from pathlib import Path

import pytest

from resources.demo import build
from resources.demo.pack.dwarf import Array, Enumeration, Scalar, Structure, Variable, read_variables
from resources.demo.pack.errors import SourceError

SOURCE = """
typedef volatile short s16;
struct point { s16 x, y; };
enum mood { MOOD_GOOD, MOOD_BAD };
extern enum mood mood;
struct point path[2][3] = {{{1, 1}}};
const char *text = "text";
enum mood mood = MOOD_BAD;
signed char low = 1;
void start(void) { int on_the_stack = low; mood = on_the_stack; }
"""


def variables(folder: Path, source: str) -> list[Variable]:
    """Compile and link a program whose data begin at 02000000."""
    try:
        build.compiler_version()
    except build.BuildError as error:
        pytest.skip(str(error))
    (folder / "program.c").write_text(source, encoding="utf-8")
    flags = "-O0 -gdwarf-4 -fshort-enums -nostdlib -Wl,-Tdata=0x02000000 -Wl,-estart program.c -o program.elf"
    subprocess.run(["arm-none-eabi-gcc", *flags.split()], cwd=folder, check=True)
    return read_variables((folder / "program.elf").read_bytes())


def test_variables_come_with_address_and_type(tmp_path: Path) -> None:
    number = Scalar(2, signed=True)
    point = Structure("point", 4, (("x", 0, number), ("y", 2, number)))
    found = {variable.name: variable for variable in variables(tmp_path, SOURCE)}
    assert found["path"] == Variable("path", 0x0200_0000, Array(Array(point, 3), 2))
    assert {name: variable.type for name, variable in found.items() if name != "path"} == {
        "text": Scalar(4, signed=False),
        "mood": Enumeration(1, {0: "MOOD_GOOD", 1: "MOOD_BAD"}),
        "low": Scalar(1, signed=True),
    }


def test_an_unknown_type_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="path has a type that the symbol list cannot describe"):
        variables(tmp_path, "union { int whole; char parts[4]; } path = {1};\nvoid start(void) {}")
