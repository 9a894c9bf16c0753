"""What is made when it is first used: the methods of dataclasses, and patterns.

A process names hundreds of both before it reads its first case, and one case wants few.
"""

import re
from collections.abc import Callable
from operator import attrgetter, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:  # whoever checks types is told of the library's own, which this is to anybody but a clock
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - it is given on
else:
    import dataclasses

    _T = TypeVar("_T")

    def dataclass(
        *, slots: bool, frozen: bool = False, kw_only: bool = False, eq: bool = True, order: bool = False
    ) -> Callable[[type[_T]], type[_T]]:
        """What `dataclasses.dataclass` gives, and as it does it, save for when: that one compiles six functions a class at once.

        Here `__init__` is compiled when the first instance is made, and the others are closures.

        Args:
            slots: always True: fields are set through their slots, which is quicker than by name.
            frozen: as there, like all that follow.
            kw_only: as there.
            eq: as there.
            order: as there.
        """

        def made(bare: type[_T]) -> type[_T]:
            cls = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(bare)
            parts = dataclasses.fields(cls)
            methods = [_init_later(cls, frozen=frozen), _showing([part.name for part in parts if part.repr])]
            compared = _values_of([part.name for part in parts if part.compare])
            if eq:
                methods.append(_equal(compared))
                if "__hash__" not in bare.__dict__:
                    cls.__hash__ = None  # unless it is frozen
            if order:
                methods += _ordering(compared)
            if frozen:
                methods += [*_REFUSING, *_pickling([part.name for part in parts])]
                if eq:
                    methods.append(_hashing(compared))
            for method in methods:
                if method.__name__ not in bare.__dict__:
                    setattr(cls, method.__name__, method)
            return cls

        return made


_Values = Callable[[Any], tuple[Any, ...]]
_Method = Callable[..., Any]


def _values_of(names: list[str]) -> _Values:
    """The values of some fields."""
    if len(names) == 1:  # of one name `attrgetter` gives the value itself
        return lambda self: (getattr(self, names[0]),)
    return attrgetter(*names) if names else lambda _: ()


def _init_later(cls: Any, *, frozen: bool) -> Callable[..., None]:
    """An `__init__` that puts the true one in its place."""

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        cls.__init__ = _init(cls, frozen=frozen)
        cls.__init__(self, *values, **named)

    return __init__


def _init(cls: Any, *, frozen: bool) -> Callable[..., None]:
    """The `__init__` of a class, written out and compiled."""
    from dataclasses import MISSING, fields  # noqa: PLC0415 - beside the class itself

    given: dict[str, Any] = {"_UNSET": object()}
    plain: list[str] = ["self"]
    named: list[str] = []
    body: list[str] = []
    for field in fields(cls):
        name = field.name
        value, parameter = name, name
        if field.default_factory is not MISSING:
            given[f"_made_{name}"] = field.default_factory
            value = f"_made_{name}()"
            if field.init:
                value, parameter = f"{value} if {name} is _UNSET else {name}", f"{name}=_UNSET"
        elif field.default is not MISSING:
            given[f"_else_{name}"] = field.default
            parameter = f"{name}=_else_{name}"
        if field.init:
            (named if field.kw_only else plain).append(parameter)
        elif field.default_factory is MISSING:  # `__post_init__` sets it
            continue
        given[f"_set_{name}"] = getattr(cls, name).__set__
        body.append(f"_set_{name}(self, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join([*plain, "*", *named] if named else plain)
    exec(f"def __init__({parameters}):\n " + ("\n ".join(body) or "pass"), given)  # noqa: S102 - names of fields, and nothing else
    init: Callable[..., None] = given["__init__"]
    return init


def _showing(names: list[str]) -> _Method:
    def __repr__(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _equal(values: _Values) -> _Method:
    def __eq__(self: Any, other: object) -> Any:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hashing(values: _Values) -> _Method:
    def __hash__(self: Any) -> int:
        return hash(values(self))

    return __hash__


def _ordering(values: _Values) -> list[_Method]:
    def method(name: str, holds: Callable[[Any, Any], bool]) -> _Method:
        def compared(self: Any, other: object) -> Any:
            return holds(values(self), values(other)) if other.__class__ is self.__class__ else NotImplemented

        compared.__name__ = name
        return compared

    return [method(f"__{name.__name__}__", name) for name in (lt, le, gt, ge)]


def _refusing(name: str, what: str) -> _Method:
    def refused(_: object, field: str, *__: object) -> None:
        from dataclasses import FrozenInstanceError  # noqa: PLC0415 - as above

        told = f"cannot {what} field {field!r}"
        raise FrozenInstanceError(told)

    refused.__name__ = name
    return refused


_REFUSING = (_refusing("__setattr__", "assign to"), _refusing("__delattr__", "delete"))


def _pickling(names: list[str]) -> list[_Method]:
    """What there is to carry, and how it is put back in spite of being frozen."""
    values = _values_of(names)

    def __getstate__(self: Any) -> tuple[Any, ...]:
        return values(self)

    def __setstate__(self: Any, state: tuple[Any, ...]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return [__getstate__, __setstate__]


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, compiled when it is first used; only then is a wrong one refused."""
    return cast("re.Pattern[str]", _Pattern(text, flags))


class _Pattern:
    """Once it is compiled, its methods are those of what was compiled."""

    def __init__(self, text: str, flags: int) -> None:
        self._given = (text, flags)

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(*self._given)
        for method in (
            "search",
            "match",
            "fullmatch",
            "finditer",
            "findall",
            "split",
            "sub",
            "subn",
            "pattern",
            "groups",
        ):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
