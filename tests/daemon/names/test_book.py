from dataclasses import replace

import pytest
from hypothesis import given

from daemon.names.book import MAX_NAMES, Layer, NameBook, OwnNames
from daemon.names.named_address import MAX_NOTE, NamedAddress, Scale, Status
from protocol.errors import NamesError
from tests.daemon.names.made import books, name

SHIPPED = [name("hp", note="hit points", status=Status.CERTAIN), name("money", 0x0200_0020, "u32")]


def book(*own: NamedAddress, removed: frozenset[str] = frozenset()) -> NameBook:
    return NameBook(OwnNames({one.name: one for one in own}, removed), [(Layer.SHIPPED, SHIPPED)])


class TestLayers:
    def test_a_persons_own_stands_for_the_one_below(self) -> None:
        names = book(name("hp", type_ := 0x0200_0010, "s16")).layers
        assert {key: (entry.type, layer) for key, (entry, layer) in names.items()} == {
            "hp": ("s16", Layer.OWN),
            "money": ("u32", Layer.SHIPPED),
        }
        assert type_ == names["hp"][0].address

    def test_what_was_taken_away_stays_away(self) -> None:
        assert [one.name for one in book(removed=frozenset({"hp"})).names] == ["money"]

    def test_names_of_an_address_own_first(self) -> None:
        names = book(name("life", 0x0200_0011, "u8"), name("my hp"))
        assert [one.name for one in names.at(0x0200_0010)] == ["my hp", "hp"]
        assert [one.name for one in names.at(0x0200_0010, 4)] == ["my hp", "hp", "life"]
        assert names.at(0x0300_0000) == ()


class TestEdits:
    def test_a_name_is_added_changed_and_taken_away(self) -> None:
        own, entry = book().edited({"name": "lives", "address": "03000001", "type": "u8", "who": "ann"})
        assert own.names["lives"] == entry
        own, entry = NameBook(own).edited({"name": "lives", "note": "hearts"})
        assert (entry.note, entry.who, entry.address) == ("hearts", "ann", 0x0300_0001)
        assert NameBook(own).without("lives").names == {}

    def test_what_ships_is_changed_in_ones_own(self) -> None:
        own, entry = book().edited({"name": "hp", "watched": True})
        assert (entry.note, entry.watched, entry.status) == ("hit points", True, Status.CERTAIN)
        assert list(own.names) == ["hp"]

    def test_a_name_is_renamed_and_moved_by_its_previous_one(self) -> None:
        own, _ = book().edited({"name": "life"}, previous="hp")
        assert [one.name for one in NameBook(own, book().below).names] == ["life", "money"]
        own, entry = book().edited({"name": "hp", "address": "02000030"}, previous="hp")
        assert entry.address == 0x0200_0030

    @pytest.mark.parametrize(
        ("given", "previous", "says"),
        [
            (
                {"name": "hp", "address": "02000044", "type": "u8"},
                "",
                "hp is already the name of 02000010: choose another, or",
            ),
            ({"name": "money"}, "hp", "money is already the name of 02000020: choose another"),
            ({"name": "x"}, "nobody", "There is no name 'nobody'"),
            ({"name": "new"}, "", "A name needs 'address'"),
        ],
    )
    def test_a_name_twice_is_refused(self, given: dict[str, str], previous: str, says: str) -> None:
        with pytest.raises(NamesError, match=says):
            book().edited(given, previous)

    def test_nothing_is_confirmed_by_itself(self) -> None:
        _, entry = book().edited({"name": "hp", "note": "seen"})
        assert entry.status is Status.CERTAIN
        assert book().importing([name("new", 0x0300_0000)], "x").own.names["new"].status is Status.GUESS

    def test_a_book_has_an_end(self) -> None:
        many = {str(number): name(str(number), 0x0200_0000 + number, "u8") for number in range(MAX_NAMES)}
        with pytest.raises(NamesError, match="at most 10,000 names"):
            OwnNames(many).with_names([name("one more")])


class TestImport:
    def test_a_new_name_says_where_it_comes_from(self) -> None:
        outcome = book().importing([name("lives", 0x0300_0000, "u8")], "a.wch", "ann")
        assert (outcome.added, outcome.changed, outcome.unchanged, outcome.notes) == (1, 0, 0, ())
        lives = outcome.own.names["lives"]
        assert (lives.evidence, lives.who) == (("imported from a.wch",), "ann")

    def test_what_is_known_gets_what_it_lacks(self) -> None:
        listed = name("hp", values={0: "dead"}, scale=Scale(unit="HP"), note="of the first one", watched=True)
        hp = book().importing([listed], "a").own.names["hp"]
        assert (hp.note, hp.values, hp.scale.unit, hp.watched) == (
            "hit points\nof the first one",
            {0: "dead"},
            "HP",
            True,
        )
        assert hp.status is Status.CERTAIN

    def test_the_word_of_a_list_becomes_evidence_where_it_differs(self) -> None:
        before = book(name("hp", values={0: "dead"}, bits={1: "low"}, scale=Scale(2)))
        listed = name("hp", kind="u8", values={0: "none"}, bits={1: "high"}, scale=Scale(3))
        outcome = before.importing([listed], "a")
        hp = outcome.own.names["hp"]
        assert (hp.type, hp.values, hp.bits, hp.scale) == ("u16", {0: "dead"}, {1: "low"}, Scale(2))
        assert hp.evidence == ("a: u8", "a: scale {'factor': 3}", "a: 0=none", "a: bit 1=high")
        assert outcome.notes == ("hp is u16 here and u8 in a: it stays u16.",)

    def test_bits_that_the_type_has_not_become_evidence(self) -> None:
        outcome = book(name("f", kind="u8")).importing([name("f", kind="u32", bits={3: "a", 20: "b"})], "x")
        assert outcome.own.names["f"].bits == {3: "a"}
        assert outcome.own.names["f"].evidence == ("x: u32", "x: bit 20=b")

    def test_a_name_twice_gets_its_address(self) -> None:
        outcome = book().importing([name("hp", 0x0300_0004), name("hp", 0x0300_0008)], "a")
        assert list(outcome.own.names) == ["hp_03000004", "hp_03000008"]
        assert outcome.notes[0] == "hp is the name of 02000010 already: 03000004 is called hp_03000004."

    def test_an_address_twice_keeps_both_names(self) -> None:
        outcome = book().importing([name("life")], "a")
        assert outcome.notes == ("02000010 has two names, hp and life: both are kept.",)
        assert {one.name for one in NameBook(outcome.own, book().below).at(0x0200_0010)} == {"hp", "life"}

    def test_a_note_without_room_is_told(self) -> None:
        outcome = book(name("hp", note="x" * MAX_NOTE)).importing([name("hp", note="more")], "a")
        assert outcome.notes == ("The note of hp has no room for that of a.",)

    @given(books(), books())
    def test_nothing_is_lost_and_the_second_time_changes_nothing(
        self, there: list[NamedAddress], listed: list[NamedAddress]
    ) -> None:
        before = NameBook(OwnNames({one.name: one for one in there}))
        outcome = before.importing(listed, "a")
        after = NameBook(outcome.own)
        for one in there:
            kept = after.get(one.name)
            assert (kept.address, kept.type) == (one.address, one.type)
            assert one.values.items() <= kept.values.items()
            assert one.note in kept.note
        for one in listed:
            found = [kept for kept in after.names if kept.address == one.address]
            assert any(one.note in kept.note for kept in found)
        assert outcome.added + outcome.changed + outcome.unchanged == len(listed)
        again = after.importing(listed, "a")
        assert (again.added, again.own) == (0, outcome.own)

    def test_what_a_person_took_away_comes_back_with_a_list(self) -> None:
        outcome = book(removed=frozenset({"hp"})).importing([replace(SHIPPED[0])], "a")
        assert outcome.own.removed == frozenset()
        assert "hp" in outcome.own.names
