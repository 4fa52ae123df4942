"""Evaluation of finding, probing, snapping and suggesting: simulated people label plays of two games.

`python -m tests.evaluation` prints the tables of RESULTS.md. Reading order:

* `statistics`: shares with their confidence intervals, tables
* `played`: a play with the truth beside it; `demo_player`, `demo_game`, `drift_game`: who plays, and what is true
* `people`: what a person types and presses, late and sometimes wrong
* `windows`: the minutes and variables that are asked about
* `find_tables`, `probe_tables`, `label_tables`: one function for each table
"""

__all__: list[str] = []
