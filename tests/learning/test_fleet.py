"""Fleets on a real Ray of this machine: recorders killed, the command interrupted."""

import signal
import subprocess
import sys
import tarfile
import time
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import pandas
import psutil
import pytest
import zstandard
from ray.cluster_utils import Cluster

import resources
from daemon.fleet.catalogue import CatalogueRow
from daemon.fleet.options import FleetOptions
from daemon.fleet.plan import FleetPlan
from daemon.fleet.policies import choose_policy
from daemon.fleet.recording import FleetJob, record_session
from daemon.fleet.schedule import Schedule
from daemon.fleet.service import record_fleet
from daemon.fleet.target import open_target
from daemon.verifying.report import Grade
from daemon.verifying.verify import verify_session
from lua.headless.rom import hash_of, read_rom
from protocol.session.reader import session_names
from tests.learning.recorded import ROOT

ACTOR = "ray::_Recorder"
"""Beginning of the names that Ray gives to the processes of recorders."""

MINUTES = 0.1
SETS = 72
"""Frame sets in a session of a tenth of a minute."""


def recorders_of(process: psutil.Process) -> dict[int, psutil.Process]:
    """Return the processes of recorders that a process, or a Ray that it started, has."""
    found = {}
    for child in process.children(recursive=True):
        try:
            if " ".join(child.cmdline()).startswith(ACTOR):
                found[child.pid] = child
        except psutil.Error:
            continue
    return found


def options(output: str, sessions: int, **changes: Any) -> FleetOptions:
    """Ask for sessions of a tenth of a minute."""
    hours = sessions * MINUTES / 60
    asked: dict[str, Any] = {
        "rom": resources.demo_rom(),
        "hours": hours,
        "session_minutes": MINUTES,
        "output": output,
        "recorders": 4,
    }
    return FleetOptions(**(asked | changes))


def assert_nothing_is_doubled_or_half(folder: Path, sessions: int) -> pandas.DataFrame:
    """Judge every session by its own files, and the catalogue by the sessions."""
    names = session_names(folder)
    assert len(names) == sessions
    for name in names:
        assert verify_session(folder / name).grade is Grade.WHOLE
    catalogue = pandas.read_parquet(folder / "catalogue.parquet")
    assert catalogue.session.tolist() == names == catalogue.path.tolist()
    assert set(catalogue.frame_sets) == {SETS}
    assert [path.name for path in folder.iterdir() if path.name.startswith(".making")] == []
    return catalogue


def test_a_fleet_of_four_with_two_recorders_killed(tmp_path: Path) -> None:
    killed: set[int] = set()

    def kill_two(schedule: Schedule) -> None:
        """Kill a recorder in the middle of a session, and another later on."""
        under_way = sum(running.frames > 0 for running in schedule.running.values())
        if len(killed) < 2 and under_way >= 2 and len(schedule.failures) == len(killed):
            victim = next(iter(recorders_of(psutil.Process()).values()))
            killed.add(victim.pid)
            victim.kill()

    report = record_fleet(options(str(tmp_path), 8), kill_two)
    assert len(killed) == 2
    assert (report.recorded, report.given_up) == (8, ())
    catalogue = assert_nothing_is_doubled_or_half(tmp_path, 8)
    assert catalogue.tries.sum() == 10
    assert catalogue.memory_sha256.nunique() == 8


def record_alone(output: str, number: int) -> float:
    """Record one session of a fleet in this process, without Ray; return the processor time."""
    asked = options(output, 4, session_minutes=3 * MINUTES, hours=12 * MINUTES / 60)
    rom = read_rom(asked.rom)
    plan = FleetPlan(asked.rom.stem, hash_of(rom), "random", "", 0, asked.hours, asked.session_minutes)
    job = FleetJob(
        game=plan.game,
        rom=rom,
        rom_sha1=plan.rom_sha1,
        core=None,
        game_config=None,
        policy=choose_policy("random"),
        target=open_target(output),
        began=0,
        session_frames=plan.session_frames,
    )
    row = list(record_session(job, list(plan.sessions())[number], "alone", 1))[-1]
    assert isinstance(row, CatalogueRow)
    return row.processor_seconds


def test_four_recorders_on_ray_work_as_fast_as_four_without(tmp_path: Path) -> None:
    """Compare what a session costs of a processor, in turns, for the time on the clock is that of a shared machine."""
    alone, on_ray = list[float](), list[float]()
    for turn in ("first", "second", "third"):
        with ProcessPoolExecutor(4, get_context("spawn")) as pool:
            alone += pool.map(record_alone, [str(tmp_path / turn / "alone")] * 4, range(4))
        asked = options(str(tmp_path / turn / "fleet"), 4, session_minutes=3 * MINUTES, hours=12 * MINUTES / 60)
        on_ray += (row.processor_seconds for row in record_fleet(asked, lambda _schedule: None).stored)
    throughput = median(alone) / median(on_ray)
    assert throughput > 0.85, f"{throughput:.0%} of four without Ray"


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be interrupted from outside there")
def test_an_interrupted_fleet_ends_clean_and_goes_on(tmp_path: Path) -> None:
    words = ("fleet", "--rom", resources.demo_rom(), "--hours", 6 * MINUTES / 60, "--session-minutes", MINUTES)
    command = [sys.executable, "-m", "daemon", *map(str, words), "--output", str(tmp_path), "--recorders", "2"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    while not list(tmp_path.glob(".fleet/receipts/*")):
        assert process.poll() is None
        time.sleep(0.1)
    recorders = recorders_of(psutil.Process(process.pid))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert not [pid for pid in recorders if psutil.pid_exists(pid)]
    stored = pandas.read_parquet(tmp_path / "catalogue.parquet").session.tolist()
    assert 0 < len(stored) < 6
    assert set(stored) <= set(session_names(tmp_path))  # One may have been ended between its rename and its receipt.
    assert all(verify_session(tmp_path / name).grade is Grade.WHOLE for name in session_names(tmp_path))
    assert record_fleet(options(str(tmp_path), 6), lambda _schedule: None).recorded == 6 - len(stored)
    assert_nothing_is_doubled_or_half(tmp_path, 6)


def test_a_cluster_loses_a_machine(tmp_path: Path) -> None:
    cluster: Any = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        machines = [cluster.add_node(num_cpus=1)]

        def lose_one(schedule: Schedule) -> None:
            if machines and sum(running.frames > 0 for running in schedule.running.values()) == 2:
                cluster.remove_node(machines.pop(), allow_graceful=False)

        asked = options(str(tmp_path), 4, address=cluster.address, recorders=None)
        report = record_fleet(asked, lose_one)
    finally:
        cluster.shutdown()
    assert not machines
    assert (report.recorded, report.given_up) == (4, ())
    assert assert_nothing_is_doubled_or_half(tmp_path, 4).tries.max() > 1


def test_two_fleets_of_the_same_seed_are_equal_whatever_the_target(tmp_path: Path) -> None:
    folder, url = tmp_path / "folders", (tmp_path / "archives").as_uri()
    record_fleet(options(str(folder), 2, seed=3), lambda _schedule: None)
    record_fleet(options(url, 2, seed=3), lambda _schedule: None)
    ones = assert_nothing_is_doubled_or_half(folder, 2)
    others = pandas.read_parquet(tmp_path / "archives" / "catalogue.parquet")
    assert ones.memory_sha256.tolist() == others.memory_sha256.tolist()
    for path in others.path:
        data = zstandard.ZstdDecompressor().stream_reader((tmp_path / "archives" / path).read_bytes()).read()
        with tarfile.open(fileobj=BytesIO(data)) as tar:
            tar.extractall(tmp_path / "unpacked", filter="data")
    assert session_names(tmp_path / "unpacked") == session_names(folder)
    for name in session_names(folder):
        assert verify_session(tmp_path / "unpacked" / name).grade is Grade.WHOLE
        pictures = [sorted((place / name).rglob("*.png")) for place in (folder, tmp_path / "unpacked")]
        assert [path.read_bytes() for path in pictures[0]] == [path.read_bytes() for path in pictures[1]]


PLAYER = """
class Runner:
    def reset(self, seed):
        self.seed = seed
    def buttons(self, frame, game):
        game.read(0x02000000, 2)
        return "Start" if frame % 40 < 4 else "Right"
"""


def test_a_class_of_ones_own_needs_to_be_on_no_other_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "runners.py").write_text(PLAYER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # Where gbatrace is not installed, but run in its folder.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    asked = options(str(tmp_path / "runs"), 1, policy="runners:Runner", recorders=1)
    assert record_fleet(asked, lambda _schedule: None).recorded == 1
    catalogue = assert_nothing_is_doubled_or_half(tmp_path / "runs", 1)
    assert catalogue.policy.tolist() == ["runners:Runner"]


@pytest.mark.parametrize("target", ["folders", "archives"])
def test_an_export_on_ray_equals_one_without(tmp_path: Path, target: str) -> None:
    place = str(tmp_path / "runs") if target == "folders" else (tmp_path / "runs").as_uri()
    record_fleet(options(place, 3), lambda _schedule: None)
    for folder, words in (("apart", ("--engine", "ray")), ("together", ())):
        command = [sys.executable, "-m", "daemon", "export", "all", "--data", place, *words]
        command += ["--format", "parquet", "--output", str(tmp_path / folder), "--split", "session"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    written = [
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "apart", tmp_path / "together")
    ]
    assert len(written[0]) == 10
    assert written[0] == written[1]
