"""The rules of the house (CONTRIBUTING.md), read off the source: rooms, purity, public names, tests for each module."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]

ROOMS = ("protocol", "lua", "daemon", "webui", "resources")

OUTSIDE_WORLD = {
    "asyncio",
    "gevent",
    "multiprocessing",
    "os",
    "random",
    "secrets",
    "select",
    "shutil",
    "signal",
    "socket",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "webbrowser",
    "zmq",
}
"""Modules barred from pure logic: sockets, threads, processes, clocks, chance, the disk."""

DISK_CALLS = {
    "chmod",
    "cwd",
    "exists",
    "expanduser",
    "glob",
    "hardlink_to",
    "home",
    "is_dir",
    "is_file",
    "is_symlink",
    "iterdir",
    "lstat",
    "mkdir",
    "open",
    "read_bytes",
    "read_text",
    "rename",
    "resolve",
    "rglob",
    "rmdir",
    "samefile",
    "stat",
    "symlink_to",
    "touch",
    "unlink",
    "write_bytes",
    "write_text",
}
"""Calls that reach the disk through a path. `replace` is one too, and a method of texts."""

PICTURES = "Image"
"""`Image.open` reads bytes in memory here."""

SEEDED_CHANCE = ("random", "Random")
"""Chance that is the same every time."""


WRITTEN = {".css", ".html", ".js", ".lua", ".md", ".py", ".toml"}
"""Endings of the files that people read."""

QUESTIONS = re.compile(r"(?:How|Wh(?:at|ich|o|om|ose|ether|ere|en|y))(?:ever)?\b")
"""Openings of riddles: a description names the thing instead."""

TWO_WORDS = re.compile(r"\b[Cc]an\snot\b")


def modules() -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for room in ROOMS for path in (ROOT / room).rglob("*.py"))


MODULES = modules()


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text("utf-8"), module)


def docstring(module: str) -> str:
    return ast.get_docstring(tree(module)) or ""


def is_pure(module: str) -> bool:
    """Return whether a module is pure: by its docstring, or in `protocol/` and no shell."""
    opening = docstring(module).partition("\n\n")[0]
    return (module.startswith("protocol/") and not is_shell(module)) or bool(re.search(r"\bPure\b", opening))


def is_shell(module: str) -> bool:
    return bool(re.search(r"\bShell\b", docstring(module).partition("\n\n")[0]))


def imports(module: str) -> Iterator[tuple[str, str]]:
    """Yield what a module imports, wherever in it: module and name, the name empty for `import x`."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports relatively"
            yield from ((node.module or "", alias.name) for alias in node.names)


def file_of(dotted: str) -> str | None:
    """Find the file of a module of ours."""
    path = dotted.replace(".", "/")
    return next((found for found in (f"{path}.py", f"{path}/__init__.py") if found in MODULES), None)


PURE = [module for module in MODULES if is_pure(module)]


@cache
def exported(module: str) -> list[str] | None:
    """Return a module's `__all__`, or None where it has none."""
    for node in tree(module).body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id="__all__")], value=value)
                | ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as value)
            ):
                names = ast.literal_eval(value)
                assert isinstance(names, list)
                return names
    return None


def named(module: str) -> Iterator[tuple[str, ast.stmt]]:
    """Yield every name at the top of a module, and what gives it."""
    for node in tree(module).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node
            case ast.Assign(targets=targets):
                yield from ((target.id, node) for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, node
            case ast.Import() | ast.ImportFrom():
                yield from ((alias.asname or alias.name, node) for alias in node.names)


def is_public(name: str, node: ast.stmt) -> bool:
    """Return whether a name is a public function, class or constant; aliases need not be listed."""
    match node:
        case ast.FunctionDef(decorator_list=[_, *_]) | ast.Import() | ast.ImportFrom():
            return False  # A function that its decorator registers, a command for one, is not called by its name.
        case ast.Assign() | ast.AnnAssign():
            return name.isupper() and len(name) > 1 and name[0] != "_"
        case _:
            return name[0] != "_"


def rooms_table() -> dict[str, set[str]]:
    """Read the table of CONTRIBUTING.md: which rooms each room may import."""
    table: dict[str, set[str]] = {}
    for line in (ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines():
        row = re.fullmatch(r"\| `(\w+)/` \| .* \| (.*) \|", line)
        if row:
            allowed = row[2].partition(";")[0]
            table[row[1]] = set(ROOMS) if allowed == "all" else set(re.findall(r"`(\w+)", allowed))
    return table


def test_the_table_names_every_room() -> None:
    assert set(rooms_table()) == {*ROOMS, "tests"}
    assert rooms_table()["protocol"] == set()


def test_a_room_imports_only_the_rooms_that_it_may() -> None:
    table = rooms_table()
    trespassing = {
        (module, other)
        for module in MODULES
        for other in {name.partition(".")[0] for name, _ in imports(module)} & {*ROOMS, "tests"}
        if other not in {module.partition("/")[0], *table[module.partition("/")[0]]}
    }
    assert trespassing == set()


def test_pure_logic_touches_nothing_outside() -> None:
    touched = {
        (module, name)
        for module in PURE
        for name, part in imports(module)
        if name.partition(".")[0] in OUTSIDE_WORLD and (name, part) != SEEDED_CHANCE
    }
    assert touched == set()


def calls(module: str) -> Iterator[tuple[str, str]]:
    """Yield what a module calls: the name, and that of what it is called on; empty for a plain function."""
    for node in ast.walk(tree(module)):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                yield name, ""
            case ast.Call(func=ast.Attribute(attr=name, value=ast.Name(id=owner))):
                yield name, owner
            case ast.Call(func=ast.Attribute(attr=name)):
                yield name, "."


def test_pure_logic_reaches_no_file() -> None:
    reached = {
        (module, name)
        for module in PURE
        for name, owner in calls(module)
        if name in DISK_CALLS and owner != PICTURES and (owner or name == "open")
    }
    assert reached == set()


def package(module: str) -> str:
    """Name the package of a module; a module right in a room stands for itself."""
    parts = Path(module).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 2 else parts)


def test_packages_import_each_other_in_no_circle() -> None:
    needs: dict[str, set[str]] = {}
    for module in MODULES:
        files = (file_of(f"{name}.{part}") or file_of(name) for name, part in imports(module))
        needs.setdefault(package(module), set()).update(package(file) for file in files if file)
    found = {name: others - {name} for name, others in needs.items()}
    before = 0
    while len(found) != before:  # What needs nothing that is left, or that nothing left needs, is in no circle.
        before = len(found)
        needed = set[str]().union(*found.values())
        found = {name: others & found.keys() for name, others in found.items() if name in needed}
        found = {name: others for name, others in found.items() if others}
    assert found == {}


def test_pure_logic_uses_no_shell() -> None:
    used = {
        (module, file)
        for module in PURE
        for name, part in imports(module)
        for file in (file_of(name), file_of(f"{name}.{part}"))
        if file and is_shell(file)
    }
    assert used == set()


def test_every_module_says_what_it_is() -> None:
    assert [module for module in MODULES if not docstring(module)] == []
    assert [module for module in PURE if is_shell(module)] == []


def test_nothing_says_cannot_in_two_words() -> None:
    written = [path for path in ROOT.rglob("*") if path.suffix in WRITTEN and not is_foreign(path.relative_to(ROOT))]
    assert len(written) > len(MODULES)
    assert [str(path) for path in written if TWO_WORDS.search(path.read_text("utf-8"))] == []


def descriptions(module: str) -> Iterator[str]:
    """Yield the first line of a module's docstrings: its own, of classes, functions, attributes."""
    for node in ast.walk(tree(module)):
        for statement in getattr(node, "body", ()) if not isinstance(node, ast.Lambda | ast.IfExp) else ():
            match statement:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    yield text.strip().partition("\n")[0]


def page_descriptions(script: Path) -> Iterator[str]:
    """Yield the first line of each `/** … */` comment of a script of the page."""
    for comment in re.finditer(r"/\*\*(?!/)[\s*]*([^\n]*)", script.read_text("utf-8")):
        yield comment[1]


def lua_descriptions(script: Path) -> Iterator[str]:
    """Yield the first line of each `---` comment of a Lua file."""
    before = ""
    for line in script.read_text("utf-8").splitlines():
        if (comment := re.match(r"\s*--- (.*)", line)) and not before.lstrip().startswith("---"):
            yield comment[1]
        before = line


def test_no_description_begins_with_a_question() -> None:
    top = [path.name for path in ROOT.glob("*.py")]
    tests = [path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")]
    page = [path for path in (ROOT / "webui/static").rglob("*.js") if "vendor" not in path.parts]
    written = [(module, first) for module in (*MODULES, *top, *tests) for first in descriptions(module)]
    written += [(path.name, first) for path in (ROOT / "lua").rglob("*.lua") for first in lua_descriptions(path)]
    of_page = [(path.name, first) for path in page for first in page_descriptions(path)]
    assert len(written) > 3000
    assert len(of_page) > 300
    assert [(place, first) for place, first in [*written, *of_page] if QUESTIONS.match(first)] == []


LONGEST_FIRST_LINE = 90
"""Characters of the first line of a docstring, which lists of modules and functions show."""


def headlines(module: str) -> Iterator[str]:
    """Yield the first line of the docstring of a module and of each class and function in it."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield (ast.get_docstring(node) or "").partition("\n")[0]


def test_the_first_line_of_a_docstring_is_short() -> None:
    assert [(module, line) for module in MODULES for line in headlines(module) if len(line) > LONGEST_FIRST_LINE] == []


DOCUMENTS = ("*.md", "docs/*.md", "protocol/*.md", "tests/bench/*.md")
NAMED_PATH = re.compile(r"`((?:daemon|webui|protocol|lua|resources|tests|docs)/[\w./-]*)`")
LINKED_PATH = re.compile(r"\]\(([^)#:]+)\)")
MADE_LATER = ("lua/spool",)
"""Folders that documents name and that only a recording makes."""


def test_documents_name_files_that_there_are() -> None:
    documents = [path for pattern in DOCUMENTS for path in ROOT.glob(pattern)]
    named = {
        (path.name, name, place)
        for path in documents
        for expression, root in ((NAMED_PATH, ROOT), (LINKED_PATH, path.parent))
        for name in expression.findall(path.read_text("utf-8"))
        if not name.startswith(MADE_LATER)
        for place in [root / name]
    }
    assert len(named) > 50
    assert [f"{document}: {name}" for document, name, place in sorted(named) if not place.exists()] == []


def is_foreign(path: Path) -> bool:
    """Return whether a file is none of ours: hidden, built, or installed into the clone."""
    return any(
        part.startswith(".") or part in {"build", "dist", "node_modules", "site-packages"} for part in path.parts
    )


def test_every_module_lists_its_public_names() -> None:
    assert [module for module in MODULES if exported(module) is None] == []
    unlisted = {
        (module, name)
        for module in MODULES
        for name, node in named(module)
        if is_public(name, node) and name not in (exported(module) or [])
    }
    assert unlisted == set()


def test_every_public_name_exists() -> None:
    missing = {
        (module, name)
        for module in MODULES
        for name in set(exported(module) or []).difference(name for name, _ in named(module))
    }
    assert missing == set()


def test_a_module_uses_only_the_public_names_of_others() -> None:
    taken = {
        (module, f"{name}.{part}")
        for module in MODULES
        for name, part in imports(module)
        if part and (file := file_of(name)) and not file_of(f"{name}.{part}") and part not in (exported(file) or [])
    }
    assert taken == set()


def needs_a_test(module: str) -> bool:
    """Return whether a module has code to run: some only list names or a tree of errors."""
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) for node in ast.walk(tree(module)))


def home_of_tests(module: str) -> Path:
    path = Path(module)
    name = {"__init__": path.parent.name, "__main__": "main"}.get(path.stem, path.stem)
    return ROOT / "tests" / path.parent / f"test_{name}.py"


def imported_by_its_tests() -> set[str]:
    """Return the modules that a test in the folder which mirrors theirs imports."""
    tested: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        room = path.parent.relative_to(ROOT / "tests").as_posix()
        names = {
            dotted for name, part in imports(path.relative_to(ROOT).as_posix()) for dotted in (name, f"{name}.{part}")
        }
        tested |= {file for name in names if (file := file_of(name)) and Path(file).parent.as_posix() == room}
    return tested


def test_every_module_has_a_test_in_the_folder_that_mirrors_its_own() -> None:
    imported = imported_by_its_tests()
    assert len(imported) > len(MODULES) / 2
    untested = {module for module in MODULES if needs_a_test(module) and not home_of_tests(module).is_file()}
    assert untested - imported == set()
