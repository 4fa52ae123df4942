"""Jobs of fleets that play the demo game for a moment."""

from pathlib import Path

import resources
from daemon.fleet.plan import FleetPlan
from daemon.fleet.policies import PolicyChoice, choose_policy
from daemon.fleet.recording import FleetJob
from daemon.fleet.target import Target
from lua.headless.rom import hash_of, read_rom

__all__ = ["MINUTES", "job_of", "plan_of"]

MINUTES = 50 / 59.7275 / 60
"""Minutes of ten frame sets."""


def plan_of(sessions: int) -> FleetPlan:
    """Plan sessions of ten frame sets each."""
    return FleetPlan("demo", "", "random", "", 1, sessions * MINUTES / 60, MINUTES)


def job_of(target: Target, core: Path | None = None, policy: PolicyChoice | None = None) -> FleetJob:
    """Make the job of such a plan; the tour of the demo's tape plays without a core."""
    rom = read_rom(resources.demo_rom())
    return FleetJob(
        game="demo",
        rom=rom,
        rom_sha1=hash_of(rom),
        core=core or resources.demo_tape(),
        game_config=None,
        policy=policy or choose_policy("inputs", resources.demo_tour()),
        target=target,
        began=1_700_000_000_000,
        session_frames=plan_of(1).session_frames,
    )
