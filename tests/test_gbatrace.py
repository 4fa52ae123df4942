"""The public Python module, and the notebook that shows it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gbatrace
import resources
from daemon.headless.recorder import HeadlessRecorder
from lua.headless.console_choice import open_console
from protocol.session.annotations import Annotations
from tests.daemon.exporting.recordings import record
from tests.fakes.demo_game import record_tour, symbol_address

NOTEBOOK = Path(__file__).parents[1] / "docs" / "memory_lab.ipynb"
COUNTER = 0x0300_0010
"""Counts the frame sets: n + 1 after set n, of 40."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> gbatrace.Session:
    folder = tmp_path_factory.mktemp("data")
    record(folder, "run", labels={3: Annotations(context="battle"), 4: Annotations(context="battle")})
    return gbatrace.open(folder / "run")


def test_a_session_is_opened_by_its_folder(run: gbatrace.Session) -> None:
    assert run.name == "run"
    assert run.numbers.tolist() == list(range(40))
    assert [region.name for region in run.regions] == ["iwram", "ewram"]
    assert run.marks == []
    assert run.metadata.game_name == "Tiny Game"
    with pytest.raises(gbatrace.GbatraceError):
        gbatrace.open("nowhere")


def test_memory_and_values_are_arrays(run: gbatrace.Session) -> None:
    memory = run.memory_at(30)
    assert memory.image.dtype == np.uint8
    assert memory.image[0x10] == 31
    assert memory.known[16:20].all()
    assert not memory.known[20:24].any()
    assert run.memory_at().number == 39
    values = run.values(COUNTER, "u16")
    assert values.at_each_set().tolist() == list(range(1, 41))
    assert values.values.dtype == np.uint16
    assert values.seconds[0] >= 0
    assert np.isnan(run.values("0x03000014").at_each_set()).all()


def test_searches_are_typed_as_on_the_command_line(run: gbatrace.Session) -> None:
    result = run.search("rose 3..30; = 31 @ 30", types=["u8"], ranges=["03000000..030000FF"], at=30)
    assert [(found.address, found.value) for found in result.candidates] == [(COUNTER, 31)]
    assert run.search("only in context=battle 2..4", types=["u8"], regions=["iwram"]).addresses == 1
    with pytest.raises(gbatrace.GbatraceError, match="at character 6"):
        run.search("rose soon")


def test_variables_are_found_by_what_was_seen(run: gbatrace.Session) -> None:
    found = run.find("steps", readings={3: 4, 10: 11, 30: 31}, events="up@20", limit=3)
    assert (found.candidates[0].address, found.certainty) == (COUNTER, "certain")
    assert [line.number for line in found.candidates[0].evidence] == [3, 10, 20, 30]
    same = run.find("steps", readings=["3=4", "10=11", "30=31"], events=["up@20"], limit=3)
    assert same == found
    with pytest.raises(gbatrace.GbatraceError, match="is no reading"):
        run.find("steps", readings="soon")


def test_a_probe_that_cannot_be_played_is_a_sentence(run: gbatrace.Session) -> None:
    with pytest.raises(gbatrace.GbatraceError, match=r"The ROM of run .* was not found"):
        run.probe(poke="0x03000010:u8")
    with pytest.raises(gbatrace.GbatraceError, match="one of axis, cursor, button and poke"):
        run.probe(axis=True, cursor=True)
    with pytest.raises(gbatrace.GbatraceError, match="There is no game at"):
        run.probe(axis=True, rom=Path("nowhere.gba"))


def test_numbers_of_numpy_and_single_texts_are_taken(run: gbatrace.Session) -> None:
    address = np.uint32(COUNTER)
    assert run.values(address).at_each_set().tolist() == list(range(1, 41))
    assert run.memory_at(np.int64(30)).number == 30  # type: ignore[arg-type]
    one = run.search("rose 3..30", types="u8", regions="iwram", ranges="03000010", excluded="03000011")
    assert one == run.search("rose 3..30", types=["u8"], regions=["iwram"], ranges=["03000010"], excluded=["03000011"])
    assert one.addresses == 1


@pytest.mark.parametrize(("wrong", "reason"), [({"order": "best"}, "one of interest"), ({"limit": -1}, "from 0")])
def test_a_wrong_order_or_limit_is_a_sentence(run: gbatrace.Session, wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(gbatrace.GbatraceError, match=reason):
        run.search("rose 3..30", **wrong)


def test_labels_and_names_are_those_of_the_session(run: gbatrace.Session) -> None:
    assert {number: labels.context for number, labels in run.labels.items()} == {3: "battle", 4: "battle"}
    assert run.names.names == ()
    assert not run.refresh()


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `data/tour`, the session of the notebook."""
    folder = tmp_path_factory.mktemp("notebook")
    record_tour(folder / "data")
    return folder


def test_the_notebook_runs_and_finds_the_hit_points(tour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tour)
    cells = [cell for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    scope: dict[str, Any] = {}
    for cell in cells:
        exec(compile("".join(cell["source"]), str(NOTEBOOK), "exec"), scope)
    assert [cell["outputs"] for cell in cells] == [[]] * len(cells)
    assert scope["hp"].address == symbol_address("party[0].hp")
    assert scope["after_each_set"][[300, 600, 770]].tolist() == [24, 20, 14]
    assert scope["foe"].candidates[0].address == symbol_address("battle.foe.hp")
    assert scope["foe"].certainty == "certain"
    assert [name.name for name in scope["run"].names.at(scope["hp"].address, 2)] == ["party[0].hp"]


def test_gymnasium_is_imported_only_for_an_environment() -> None:
    code = "import sys, gbatrace; print('gymnasium' in sys.modules, 'libretro' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("call", [gbatrace.make_env, gbatrace.register_envs])
def test_without_gymnasium_an_environment_is_refused_in_a_sentence(
    call: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("daemon.environment")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "gymnasium", None)
    with pytest.raises(gbatrace.GbatraceError, match=r"needs Gymnasium: .*\[environment\]"):
        call()


def test_without_a_core_an_environment_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("gymnasium")
    monkeypatch.delenv("GBATRACE_CORE", raising=False)
    monkeypatch.setattr("lua.headless.console_choice.find_cores", lambda: iter(()))
    with pytest.raises(gbatrace.GbatraceError, match="There is no mGBA core here"):
        gbatrace.make_env()
    with pytest.raises(gbatrace.GbatraceError, match="A tape has no savestates"):
        gbatrace.make_env(core=resources.demo_tape())


def test_a_session_is_played_again_and_branched_off(tmp_path: Path, mgba: Path) -> None:
    core = open_console(resources.demo_rom(), mgba, None, lambda _line: None)
    with HeadlessRecorder(tmp_path, core) as recorder:
        for _ in range(50):
            recorder.step(0)
    core.close()
    run = gbatrace.open(recorder.folder)
    assert run.replay(core=mgba).is_proven
    branch = run.branch(at=4, press=[8] * 5, name="started")
    assert branch.name == "started"
    assert branch.numbers.tolist() == [0]
    assert branch.metadata.recorder["origin"]["parent"]["session"] == run.name
    assert branch.replay(core=mgba).is_proven
