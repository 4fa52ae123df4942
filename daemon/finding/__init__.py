"""Finding of variables: from numbers seen and keys pressed to addresses.

A search (`daemon.analysis.search`) drops a candidate at the first filter that it fails; here every candidate keeps a
score, so that one wrong label costs the right one a few nats and not its life.

Reading order, pure but for two shells:

* `evidence`: what a person says: readings, events, an axis, and their one-line texts; a query is made of them
* `found`: what comes out: candidates with their evidence, a certainty, the picture to ask for
* `forms`: how a stored value may differ from the number that a game shows
* `saved_queries`: queries that are kept with a session (a shell)
* `scoring`: the seam: a scorer gives log scores for every candidate, the finder adds them
* `windows`: the frame sets around a label, and memory in them
* `readings`, `events`: scorers of what a person read, and of keys that a person pressed
* `axes`, `axis_scorer`: values that opposite buttons move opposite ways
* `label_runs`, `byte_columns`, `states`, `state_priors`, `state_pairs`, `state_scorer`: bytes that tell a label field
* `priors`: scores without any label
* `curves`, `mirrors`, `asking`: values over time, copies of one variable, the picture to ask for
* `finder`: all of it together; `session_finder` gives it the labels (a shell)
* `accepting`: the name that a candidate gets
"""

__all__: list[str] = []
