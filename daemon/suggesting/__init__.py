"""Labels that memory suggests: from what is labelled so far to the frame sets that are not.

* `label_model` — the bytes that tell a field, and how probable each label is by their values. Pure.
* `picture_opinion` — a second opinion: the labels of the most similar pictures. Pure.
* `guesses` — a label for each frame set without one: by memory, then pictures, then what is around. Pure.
* `suggestions` — suggested runs with confidence and reason, and labels that memory contradicts. Pure.
* `snapping` — ends of labelled runs move to the change of memory that they meant. Pure.
* `suggester` — suggestions of one session, with models that are kept while its labels stay. Pure.
* `label_edits` — what taking suggestions and snapping do to the labels, as parts of a label command. Pure.
* `service` — the commands of the bus that write them. Shell.
"""

__all__: list[str] = []
