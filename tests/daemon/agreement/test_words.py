"""Each person's last word, from histories as the daemon writes them."""

from itertools import count

from daemon.agreement.words import words_of_people
from daemon.labels.history import Confirmation, Entry, EntryKind, SetEdit

NUMBERS = range(10)


class Book:
    """A history that people write in."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._numbers = count(1)

    def add(
        self,
        who: str,
        kind: EntryKind,
        numbers: tuple[int, ...] = (),
        of: int | None = None,
        confirmed: tuple[Confirmation, ...] = (),
        **labels: str,
    ) -> int:
        edits = tuple(SetEdit(number, {}, dict(labels)) for number in numbers)
        entry = Entry(next(self._numbers), 0, who, "page", kind, of, edits, confirmed=confirmed)
        self.entries.append(entry)
        return entry.n

    def edit(self, who: str, *numbers: int, **labels: str) -> int:
        return self.add(who, "edit", numbers, None, (), **labels)

    def words(self, who: str, field: str = "context") -> dict[int, str]:
        return dict(words_of_people(self.entries, NUMBERS).get(who, {}).get(field, {}))


def test_the_last_value_counts_and_what_others_gave_does_not() -> None:
    book = Book()
    book.edit("ann", 0, 1, 2, context="battle", scene="arena")
    book.edit("ben", 1, 2, context="menu")
    book.edit("ann", 2, context="town")
    assert book.words("ann") == {0: "battle", 1: "battle", 2: "town"}
    assert book.words("ann", "scene") == {0: "arena", 1: "arena", 2: "arena"}
    assert book.words("ben") == {1: "menu", 2: "menu"}


def test_what_a_person_undid_is_no_word_until_it_is_redone() -> None:
    book = Book()
    book.edit("ann", 0, context="battle")
    second = book.edit("ann", 0, 1, context="menu")
    book.add("ann", "undo", of=second)
    assert book.words("ann") == {0: "battle"}
    book.add("ann", "redo", of=second)
    assert book.words("ann") == {0: "menu", 1: "menu"}


def test_a_value_given_again_by_another_is_a_word_of_theirs() -> None:
    book = Book()
    book.edit("ann", 0, 1, 2, context="battle")
    book.add("ben", "edit", (2,), context="menu", confirmed=(Confirmation("context", "battle", ((0, 1),)),))
    assert book.words("ben") == {0: "battle", 1: "battle", 2: "menu"}


def test_a_latch_speaks_of_the_sets_recorded_under_it() -> None:
    book = Book()
    book.add("ann", "latch", (2,), context="battle", scene="arena")
    book.add("ben", "latch", (6,), context="menu")
    book.add("ben", "latch", (8,), context="")
    assert book.words("ann") == {2: "battle", 3: "battle", 4: "battle", 5: "battle"}
    assert set(book.words("ann", "scene")) == {2, 3, 4, 5, 6, 7, 8, 9}
    assert book.words("ben") == {6: "menu", 7: "menu"}


def test_sets_that_are_gone_and_people_without_a_word_are_left_out() -> None:
    book = Book()
    book.edit("ann", 3, 99, context="battle")
    book.edit("ben", 99, context="battle")
    book.add("eve", "edit", (1,), description="a text")
    assert book.words("ann") == {3: "battle"}
    assert list(words_of_people(book.entries, NUMBERS)) == ["ann"]


def test_a_cleared_label_is_a_word() -> None:
    book = Book()
    book.edit("ann", 0, context="battle")
    book.edit("ben", 0, context="")
    assert book.words("ben") == {0: ""}
