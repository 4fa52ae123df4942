"""A fleet from its options to its catalogue. Shell."""

import time
from dataclasses import dataclass

from daemon.fleet.catalogue import CatalogueRow, misfits
from daemon.fleet.cluster import ray_cluster
from daemon.fleet.libraries import import_ray, require
from daemon.fleet.options import FleetOptions
from daemon.fleet.plan import FleetPlan
from daemon.fleet.policies import choose_policy
from daemon.fleet.recorders import Show, run_fleet
from daemon.fleet.recording import FleetJob
from daemon.fleet.schedule import Failure, Schedule
from daemon.fleet.target import open_target
from lua.headless.rom import hash_of, read_rom
from protocol.errors import FleetError

__all__ = ["FleetReport", "record_fleet"]


@dataclass(frozen=True, slots=True)
class FleetReport:
    """Result of a fleet.

    Args:
        recorded: sessions that were recorded now.
        stored: rows of all sessions of the plan that are at the target.
        given_up: sessions that failed.
    """

    recorded: int
    stored: tuple[CatalogueRow, ...]
    given_up: tuple[Failure, ...]


def record_fleet(options: FleetOptions, show: Show) -> FleetReport:
    """Record the sessions of a fleet that its target lacks.

    Args:
        options: the choices.
        show: called twice a second at least.

    Raises:
        FleetError: the options make no fleet, the target is another's, a library is missing, or all sessions fail.
        GbatraceError: the ROM, the inputs or the target cannot be used.
    """
    import_ray(starts=not options.address)
    require("pyarrow.parquet")
    rom, policy = read_rom(options.rom), choose_policy(options.policy, options.inputs)
    plan = FleetPlan(
        game=options.rom.stem,
        rom_sha1=hash_of(rom),
        policy=policy.name,
        policy_sha256=policy.sha256,
        seed=options.seed,
        hours=options.hours,
        session_minutes=options.session_minutes,
    )
    target = open_target(options.output)
    with target.owned():
        began = target.claim(plan.identity(), time.time_ns() // 1_000_000)
        planned, rows = list(plan.sessions()), target.rows()
        if differing := misfits(planned, rows):
            raise FleetError(
                f"{differing[0]} has another length in {options.output}, as the last session of fewer hours: "
                "choose --hours that are whole sessions more than before, or delete that session."
            )
        schedule = Schedule(planned, (row.session for row in rows))
        before = schedule.stored
        if not schedule.is_over:
            job = FleetJob(
                game=plan.game,
                rom=rom,
                rom_sha1=plan.rom_sha1,
                core=options.core and options.core.absolute(),
                game_config=options.game_config and options.game_config.absolute(),
                policy=policy,
                target=target,
                began=began,
                session_frames=plan.session_frames,
            )
            try:
                with ray_cluster(options.address, options.recorders) as ray:
                    run_fleet(job, schedule, rows, options.recorders, ray, show)
            finally:  # A recorder may have handed over what it could not report any more.
                rows = target.rows()
                target.write_catalogue(rows)
        else:
            target.write_catalogue(rows)
        names = {session.name for session in planned}
        return FleetReport(
            recorded=schedule.stored - before,
            stored=tuple(row for row in rows if row.session in names),
            given_up=tuple(schedule.given_up),
        )
