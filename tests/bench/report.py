"""Figures as a table for people and as JSON for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from tests.bench.figures import Figure

__all__ = ["print_table", "report_json"]


def print_table(console: Console, title: str, figures: Sequence[Figure]) -> None:
    """Print one bench's figures."""
    table = Table(title=title, title_justify="left", header_style="bold", pad_edge=False)
    table.add_column("subject")
    table.add_column("measure")
    for name in ("median", "p95", "p99", "unit", "baseline", "times better", "budget"):
        table.add_column(name, justify="left" if name in {"unit", "budget"} else "right")
    subject = ""
    for figure in figures:
        values, ratio = figure.values, figure.ratio()
        single = values.count == 1
        if figure.subject != subject:
            table.add_section()
        table.add_row(
            figure.subject if figure.subject != subject else "",
            figure.measure,
            _number(values.median),
            "" if single else _number(values.p95),
            "" if single else _number(values.p99),
            figure.unit,
            _number(figure.baseline.median) if figure.baseline else "",
            "" if ratio is None else f"{ratio:.3g}",
            _verdict(figure),
        )
        subject = figure.subject
    console.print(table)


def report_json(figures: Mapping[str, Sequence[Figure]], machine: Mapping[str, Any]) -> bytes:
    """Write all figures and the machine that they are of."""
    benches = {name: [_entry(figure) for figure in group] for name, group in figures.items()}
    return orjson.dumps(
        {"machine": machine, "benches": benches}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


def _entry(figure: Figure) -> dict[str, Any]:
    missed = {str(budget) for budget in figure.missed()}
    return {
        "subject": figure.subject,
        "measure": figure.measure,
        "unit": figure.unit,
        **asdict(figure.values),
        "baseline": asdict(figure.baseline) if figure.baseline else None,
        "times_better": figure.ratio(),
        "times_better_at_p99": figure.ratio("p99"),
        "budgets": [{"promise": str(budget), "kept": str(budget) not in missed} for budget in figure.budgets],
    }


def _verdict(figure: Figure) -> str:
    missed = figure.missed()
    parts = [
        f"[red]✗ {budget}[/red]" if budget in missed else f"[green]✓ {budget}[/green]" for budget in figure.budgets
    ]
    return "\n".join(parts)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
