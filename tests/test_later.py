"""What is made when it is first used is what would have been made at once."""

import copy
import dataclasses
import pickle
import re
from dataclasses import FrozenInstanceError, field

import pytest

from checklist.later import dataclass, pattern


@dataclass(frozen=True, slots=True, order=True)
class Place:
    file: str
    line: int = 1
    column: int = field(default=1, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    name: str
    others: list[str] = field(default_factory=list)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", len(self.others))


@dataclass(frozen=True, slots=True)
class Inner(Place):
    depth: int = 0


@dataclass(slots=True)
class Mutable:
    seen: int = 0
    held: dict[str, int] = field(default_factory=dict, init=False)


@dataclass(frozen=True, slots=True, eq=False)
class Itself:
    only: str


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class TheirPlace:
    file: str
    line: int = 1
    column: int = field(default=1, compare=False, repr=False)


PLACES = (("a",), ("a", 2), ("a", 2, 5), ("b", 1, 9))


@pytest.mark.parametrize("one", PLACES)
@pytest.mark.parametrize("other", PLACES)
def test_comparing_is_that_of_the_library(one: tuple[str], other: tuple[str]) -> None:
    ours, theirs = (Place(*one), Place(*other)), (TheirPlace(*one), TheirPlace(*other))
    assert (ours[0] == ours[1]) is (theirs[0] == theirs[1])
    assert (ours[0] < ours[1]) is (theirs[0] < theirs[1])
    assert (ours[0] <= ours[1]) is (theirs[0] <= theirs[1])
    assert (ours[0] > ours[1]) is (theirs[0] > theirs[1])
    assert (ours[0] >= ours[1]) is (theirs[0] >= theirs[1])
    assert (hash(ours[0]) == hash(ours[1])) is (hash(theirs[0]) == hash(theirs[1]))


def test_what_is_shown_is_that_of_the_library() -> None:
    assert repr(Place("a", 2, 3)) == repr(TheirPlace("a", 2, 3)).removeprefix("Their")


def test_one_class_never_equals_another() -> None:
    one: object = Place("a")
    assert one != TheirPlace("a")
    assert one != Inner("a")
    with pytest.raises(TypeError):
        assert Place("a") < TheirPlace("a")  # type: ignore[operator]


def test_what_is_compared_by_itself_equals_nothing_else() -> None:
    one = Itself("a")
    assert one == one
    assert one != Itself("a")
    assert len({one, Itself("a")}) == 2


@pytest.mark.parametrize("given", [(), ("a", 1, 2, 3)])
def test_too_little_and_too_much_are_refused(given: tuple[str, ...]) -> None:
    with pytest.raises(TypeError):
        Place(*given)  # type: ignore[arg-type]


def test_a_field_by_name_cannot_be_given_by_place() -> None:
    with pytest.raises(TypeError):
        Named("a")  # type: ignore[call-arg]


def test_defaults_are_made_anew_for_each() -> None:
    one, other = Named(name="a"), Named(name="b")
    one.others.append("c")
    assert other.others == []
    assert Named(name="a", others=["x", "y"]).size == 2


@pytest.mark.parametrize("one", [Place("a", 2, 3), Named(name="a", others=["b"]), Inner("a", depth=4), Mutable(3)])
def test_it_survives_every_way_of_being_carried(one: object) -> None:
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301
    assert copy.copy(one) == one
    assert copy.deepcopy(one) == one


def test_what_is_frozen_cannot_be_changed() -> None:
    place = Place("a")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'line'"):
        place.line = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'line'"):
        del place.line
    with pytest.raises(FrozenInstanceError):
        place.other = 2  # type: ignore[attr-defined]
    assert place.line == 1


def test_what_is_not_frozen_can_be_changed_and_has_no_hash() -> None:
    one = Mutable()
    one.seen += 1
    one.held["a"] = 1
    assert (one.seen, one.held) == (1, {"a": 1})
    with pytest.raises(TypeError):
        hash(one)


def test_replacing_asking_for_fields_and_inheriting_work_as_ever() -> None:
    assert dataclasses.replace(Place("a", 2), line=7) == Place("a", 7)
    assert [one.name for one in dataclasses.fields(Inner)] == ["file", "line", "column", "depth"]
    assert Inner("a", 2, 3, 4).depth == 4
    assert Place.__match_args__ == ("file", "line", "column")


def test_nothing_has_room_for_what_was_not_named() -> None:
    assert not hasattr(Place("a"), "__dict__")


def test_a_pattern_finds_what_a_compiled_one_finds() -> None:
    text = "On 1 May 2024 at 9, and ON 2 June"
    ours, theirs = pattern(r"on (\d)", re.IGNORECASE), re.compile(r"on (\d)", re.IGNORECASE)
    assert [found.span(1) for found in ours.finditer(text)] == [found.span(1) for found in theirs.finditer(text)]
    assert ours.sub("x", text) == theirs.sub("x", text)
    assert ours.pattern == theirs.pattern
    assert ours.flags == theirs.flags


def test_a_wrong_pattern_is_refused_when_it_is_used() -> None:
    wrong = pattern("(")
    with pytest.raises(re.error):
        wrong.search("a")
