"""Labels that memory suggests: from what is labelled so far to the frame sets that are not.

* `label_model` — the bytes that tell a field, and how probable each label is by their values. Pure.
* `suggestions` — suggested runs with confidence and reason, and labels that memory contradicts. Pure.
* `suggester` — suggestions of one session, with models that are kept while its labels stay. Pure.
"""

__all__: list[str] = []
