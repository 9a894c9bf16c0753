"""Which rules are asked, and by whose standard: settings of a force or partnership, profiles, and the lock on both.

Settings may put a limit or a reason of their own in place of a shipped one; every finding that they touch says so, with what the
shipped rule says. They cannot show what is withheld, nor let anything past the door.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from checklist.findings import Severity, Standing
from checklist.later import dataclass
from checklist.rulebooks import in_full, read_profiles
from checklist.rules import Checklist, Rule, with_root
from checklist.schema import Reading, expected, opened
from checklist.source import (
    InputError,
    Node,
    Problem,
    Scalar,
    Sequence,
    did_you_mean,
    read_document,
)
from checklist.source import Mapping as MappingNode

if TYPE_CHECKING:
    from checklist.privacy import Excuse

NAME, LOCK = ".review.yaml", "review.lock"
_KEYS = (
    *("settings", "owner", "source", "profile", "select", "ignore", "severity", "limits", "accept_reasons", "profiles"),
    *("as_of", "standard_on", "fail_on", "format", "waivers", "baseline"),
    *("detail", "min_count", "sample_of", "jobs", "quiet", "no_color", "no_cache"),
    *("privacy", "excuses", "detectors"),
)
STRICT = "strict"
GUARDS = ("usual", STRICT)
"""How much the guard at the door lets in; nothing turns it off."""
FAIL_ON = ("not-met", "not-recorded", "never")
"""What makes the exit code 1, where it is to be another line than usual."""
_NEVER = ("quote", "quotes", "guard", "allow_identifying", "allow-identifying", "show", "rules")
_DEEPEST = 8
_FEW = 8
_SELECTORS = ("area", "tag", "standing", "severity", "answers")


@dataclass(frozen=True, slots=True)
class Profile:
    """A named choice of rules: those of other profiles, more, and not some."""

    name: str
    says: str = ""
    extends: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    file: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one force or partnership has settled for its reviews."""

    file: str = ""
    digest: str = ""
    """SHA-256 of the file; empty where there is none."""
    owner: str = ""
    """The force or partnership."""
    source: str = ""
    """The local procedure that says so."""
    profile: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: str = ""
    """The least severe rules that are asked; empty for all."""
    as_of: str = ""
    standard_on: str = ""
    fail_on: str = ""
    formats: tuple[str, ...] = ()
    """`FORMAT` or `FORMAT:FILE`, the file beside the settings."""
    waivers: str = ""
    baseline: str = ""
    detail: bool = False
    min_count: int = 0
    sample_of: int = 0
    jobs: int = 0
    quiet: bool = False
    no_color: bool = False
    no_cache: bool = False
    privacy: str = ""
    excuses: "tuple[Excuse, ...]" = ()
    """Single places that the guard may pass over."""
    detectors: tuple[str, ...] = ()
    """The detectors of others that are used."""
    path: Path | None = None
    limits: Mapping[str, Node] = field(default_factory=dict)
    accept_reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Where each rule is given a limit: line and column, counted from 1."""
    reason_places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Where each rule is given reasons."""

    @property
    def folder(self) -> Path | None:
        """Where the settings stand; the files that they name stand beside them."""
        return self.path.parent if self.path is not None else None


# Finding and reading.


def find_upwards(name: str, start: Path, reviewed: Iterable[Path]) -> tuple[Path | None, Path | None]:
    """The nearest file of a name in a folder or those above it; and the nearest that was passed over.

    Args:
        name: such as `.review.yaml`.
        start: where to begin, usually the working directory.
        reviewed: what is under review; a file inside a folder under review is passed over, since whoever wrote the cases
            must not say how they are judged.
    """
    inside = [path.resolve() for path in reviewed if _is_folder(path)]
    passed_over = None
    for folder in (start.resolve(), *start.resolve().parents):
        path = folder / name
        if not path.exists() and not path.is_symlink():
            continue
        if not any(folder.is_relative_to(one) for one in inside):
            return path, passed_over
        passed_over = passed_over or path
    return None, passed_over


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # such as a name that is too long: whoever reads the cases says so
        return False


def read_settings(path: Path) -> Settings:
    """The settings of a file.

    Raises:
        InputError: with every problem of the file.
    """
    reading, node, digest = opened(path)
    root = reading.mapping(node, "a settings file") if node is not None else None
    settings = _settings(reading, root) if root is not None else Settings()
    if reading.problems:
        raise InputError(reading.problems)
    return replace(settings, file=reading.file, digest=digest, path=path)


def _settings(reading: Reading, root: MappingNode) -> Settings:
    for key in root.entries:
        if key in _NEVER:
            hint = "settings cannot show what is withheld, turn the guard off, or name another rulebook"
            reading.refuse(root.places[key], f"settings have no key {key!r}", hint)
    kept = {key: place for key, place in root.places.items() if key not in _NEVER}
    reading.only(replace(root, places=kept), _KEYS, "settings")
    if reading.text(root, "settings", required=True) not in ("", "1"):
        reading.refuse(root.entries["settings"], "settings of a format that is not known", "write settings: 1")
    limits, places = _by_rule(reading, root, "limits")
    reasons, more_places = _by_rule(reading, root, "accept_reasons")
    owner = reading.text(root, "owner", required=bool(limits or reasons)).strip()
    if (limits or reasons) and not owner and "owner" in root.entries:
        reading.refuse(root.entries["owner"], "owner is empty", "name the force or partnership")
    profiles = reading.mapping(root.entries["profiles"], "profiles") if "profiles" in root.entries else None
    own = profiles.entries if profiles is not None else {}
    detectors = reading.texts(root.entries.get("detectors"), "detectors")
    return Settings(
        owner=owner,
        source=reading.text(root, "source"),
        profile=reading.text(root, "profile"),
        select=reading.texts(root.entries.get("select"), "select"),
        ignore=reading.texts(root.entries.get("ignore"), "ignore"),
        severity=reading.choice(root, "severity", tuple(Severity)),
        as_of=reading.text(root, "as_of"),
        standard_on=reading.text(root, "standard_on"),
        fail_on=reading.choice(root, "fail_on", FAIL_ON),
        formats=reading.texts(root.entries.get("format"), "format"),
        waivers=reading.text(root, "waivers"),
        baseline=reading.text(root, "baseline"),
        min_count=reading.number(root, "min_count"),
        sample_of=reading.number(root, "sample_of"),
        jobs=reading.number(root, "jobs"),
        detail=reading.flag(root, "detail"),
        quiet=reading.flag(root, "quiet"),
        no_color=reading.flag(root, "no_color"),
        no_cache=reading.flag(root, "no_cache"),
        privacy=reading.choice(root, "privacy", GUARDS),
        excuses=_excuses(reading, root.entries["excuses"], detectors) if "excuses" in root.entries else (),
        detectors=detectors,
        limits=limits,
        accept_reasons={rule: _reasons(reading, node) for rule, node in reasons.items()},
        profiles={name: _profile(reading, name, node) for name, node in own.items()},
        places=places,
        reason_places=more_places,
    )


def _excuses(reading: Reading, node: Node, detectors: tuple[str, ...]) -> "tuple[Excuse, ...]":
    from checklist.privacy import read_excuses  # noqa: PLC0415 - the guard is slow to load, and few settings excuse anything

    return read_excuses(reading, node, detectors)


def _reasons(reading: Reading, node: Node) -> tuple[str, ...]:
    reasons = reading.texts(node, "accept_reasons")
    if not all(reason.strip() for reason in reasons):
        reading.refuse(node, "a reason is empty", "write the reason in a few words")
    return reasons


def _by_rule(reading: Reading, root: MappingNode, key: str) -> tuple[dict[str, Node], dict[str, tuple[int, int]]]:
    node = root.entries.get(key)
    found = reading.mapping(node, key) if node is not None else None
    return ({}, {}) if found is None else (dict(found.entries), dict(found.places))


def _profile(reading: Reading, name: str, node: Node) -> Profile:
    mapping = reading.mapping(node, "a profile")
    if mapping is None:
        return Profile(name)
    reading.only(mapping, ("profile", "says", "extends", "include", "exclude"), "a profile")
    says = reading.text(mapping, "says", required=True)
    lists = {key: reading.texts(mapping.entries.get(key), key) for key in ("extends", "include", "exclude")}
    return Profile(name, says, **lists, file=reading.file, line=mapping.line)


def load_profiles(checklist: Checklist, settings: Settings | None = None) -> dict[str, Profile]:
    """The profiles of a rulebook, and those of the settings.

    Raises:
        InputError: with every problem of every profile.
    """
    profiles: dict[str, Profile] = {}
    problems: list[Problem] = []
    for path, document in read_profiles(checklist):
        reading = Reading(document.file)
        reading.problems.extend(document.problems)
        if document.root is not None:
            profile = _profile(reading, path.stem, document.root)
            named = reading.text(document.root, "profile") if isinstance(document.root, MappingNode) else path.stem
            if named != path.stem:
                reading.refuse(
                    document.root, "the profile stands in a file of another name", f"write profile: {path.stem}"
                )
            if path.stem in profiles:
                hint = "call yours something else, and let it extend the other"
                reading.refuse(document.root, "a profile of this name is there already", hint)
            else:
                profiles[path.stem] = profile
        problems.extend(reading.problems)
    for name, profile in (settings.profiles if settings is not None else {}).items():
        if name in profiles:
            hint = "call yours something else, and let it extend the shipped one"
            problems.append(Problem(profile.file, profile.line, 1, f"the profile {name!r} is shipped already", hint))
        profiles[name] = profile
    if problems:
        raise InputError(problems)
    return profiles


# Choosing.


def choose(
    checklist: Checklist,
    settings: Settings,
    *,
    profile: str = "",
    select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    severity: str = "",
) -> Checklist:
    """The checklist with the rules that were chosen, by the local standards that the settings set.

    Args:
        checklist: the rulebook, whole.
        settings: local limits, reasons, profiles, and the choice that holds where none is made here.
        profile: the name of a profile, instead of the settings' own.
        select: selectors of rules: an id, or `area:`, `tag:`, `standing:`, `severity:`, `answers:` and a word.
        ignore: selectors of rules that are left out.
        severity: the least severe rules that are asked, instead of the settings' own.

    Raises:
        InputError: for a selector, profile or rule that there is not, for a limit that does not fit its rule, and where no rule is left.
    """
    local, problems = _with_local_standards(checklist, settings)
    name = profile or settings.profile
    choice = _Choice(local, load_profiles(checklist, settings) if name or settings.profiles else {})
    wanted = choice.of_profile(name, (), "" if profile else settings.file)
    if select or settings.select:
        selected = choice.matching_any(select, "") if select else choice.matching_any(settings.select, settings.file)
        wanted = wanted & selected if name else selected
    wanted -= choice.matching_any(settings.ignore, settings.file) | choice.matching_any(ignore, "")
    least = severity or settings.severity
    severe = tuple(Severity)[: tuple(Severity).index(Severity(least)) + 1] if least else tuple(Severity)
    rules = tuple(rule for rule in local.rules if rule.id in wanted and rule.severity in severe)
    chosen = {rule.id for rule in rules}
    problems.extend(choice.problems)
    if not rules and not problems:
        by = f"the profile {name} has none of them" if name else "choose more, or leave out less"
        problems.append(Problem("", 1, 1, "no rule is left", by, "matches-nothing"))
    if problems:
        raise InputError(problems)
    return replace(
        local,
        rules=rules,
        left_out=tuple(rule.id for rule in local.rules if rule.id not in chosen),
        notes=tuple(_notes(local, rules, settings, name)),
    )


def _notes(checklist: Checklist, rules: tuple[Rule, ...], settings: Settings, profile: str) -> Iterator[str]:
    asked = {rule.id for rule in rules}
    switched_on = [rule.id for rule in checklist.rules if not rule.off]
    left_out = [one for one in switched_on if one not in asked]
    if left_out:
        by = f"profile {profile}: " if profile else ""
        verb = "rule was" if len(left_out) == 1 else "rules were"
        named = f" ({', '.join(left_out)})" if len(left_out) <= _FEW else ""
        on = len(asked.intersection(switched_on))
        yield f"{by}{on} of {len(switched_on)} rules were asked; {len(left_out)} {verb} not{named}, and nothing is said of them"
    off = [rule for rule in checklist.rules if rule.off]
    used = [rule.id for rule in off if rule.id in asked]
    if used:
        yield f"shipped switched off, and asked all the same: {', '.join(used)}; `checklist show` says why they are off"
    if len(used) < len(off):
        number = len(off) - len(used)
        yield f"{number} {'rule is' if number == 1 else 'rules are'} shipped switched off and {'was' if number == 1 else 'were'} not asked; `checklist rules --off` lists them"
    if not settings.digest:
        return
    changed = [rule.id for rule in checklist.rules if rule.shipped is not None]
    told = (
        f"local standards for: {', '.join(one for one in changed if one in asked)}"
        if asked & {*changed}
        else "no local standard"
    )
    unused = [one for one in changed if one not in asked]
    told += f"; not used, since their rules were not asked: {', '.join(unused)}" if unused else ""
    by = f" of {settings.owner}" if settings.owner else ""
    source = f" ({settings.source or 'no procedure is named'})" if changed else ""
    yield f"settings{by}: {told}{source}"


@dataclass(slots=True)
class _Choice:
    """Chooses rules, and notes what cannot be chosen."""

    checklist: Checklist
    profiles: Mapping[str, Profile]
    problems: list[Problem] = field(default_factory=list)
    known: dict[str, set[str]] = field(default_factory=dict)
    """What the profiles choose that were looked up already."""

    def of_profile(self, name: str, via: tuple[str, ...], file: str, line: int = 1) -> set[str]:
        """The ids that a profile chooses: those of the profiles it extends and what it includes, less what it excludes.

        Without a name, every rule that is not switched off; the file and line are where it was named.
        """
        if not name:
            return self.switched_on
        profile = self.profiles.get(name)
        if profile is None:
            hint = expected(name, tuple(self.profiles)) if self.profiles else "there is none"
            return self.refuse(file, line, f"no such profile: {name!r}", hint)
        here = (profile.file, profile.line)
        if name in via:
            return self.refuse(*here, f"the profile {name!r} extends itself", f"by way of {', '.join(via)}")
        if len(via) > _DEEPEST:
            return self.refuse(*here, f"profiles extend each other more than {_DEEPEST} deep", "extend fewer")
        if name not in self.known:
            self.known[name] = self._of_profile(profile, (*via, name))
        return self.known[name]

    def _of_profile(self, profile: Profile, via: tuple[str, ...]) -> set[str]:
        here = (profile.file, profile.line)
        ids = {one for other in profile.extends for one in self.of_profile(other, via, *here)}
        ids |= self.matching_any(profile.include, *here)
        if not profile.extends and not profile.include:
            ids = self.switched_on
        return ids - self.matching_any(profile.exclude, *here)

    @property
    def switched_on(self) -> set[str]:
        """The ids of the rules that are not shipped switched off."""
        return {rule.id for rule in self.checklist.rules if not rule.off}

    def matching_any(self, selectors: tuple[str, ...], file: str, line: int = 1) -> set[str]:
        """The ids that any of some selectors matches; a problem for each that matches nothing."""
        return {one for selector in selectors for one in self.matching(selector, file, line)}

    def matching(self, selector: str, file: str, line: int) -> set[str]:
        """The ids that a selector matches; none, and a problem, if it matches nothing.

        A rule that is switched off is matched by its id alone.
        """
        kind, colon, word = (part.strip() for part in selector.partition(":"))
        if not colon:
            kind, word = "", selector
        elif kind not in _SELECTORS:
            hint = f"write a rule's id, or one of {', '.join(f'{one}:' for one in _SELECTORS)}"
            return self.refuse(file, line, f"no such selector: {selector!r}", hint)
        rules = [rule for rule in self.checklist.rules if not kind or not rule.off]
        found = {rule.id for rule in rules if word in _words(rule, kind)}
        if found:
            return found
        words = sorted({word for rule in rules for word in _words(rule, kind)})
        near = did_you_mean(word, words) if not kind else expected(word, words) if words else "no rule has any"
        hint = near or "`checklist rules` lists them"
        return self.refuse(file, line, f"the selector {selector!r} matches no rule", hint)

    def refuse(self, file: str, line: int, what: str, hint: str) -> set[str]:
        """Nothing chosen, and the problem noted."""
        self.problems.append(Problem(file, line, 1, what, hint, "matches-nothing"))
        return set()


def _words(rule: Rule, kind: str) -> tuple[str, ...]:
    match kind:
        case "area":
            return (rule.area,)
        case "tag":
            return rule.tags
        case "answers":
            return rule.answers
        case "severity":
            return (str(rule.severity),)
        case "standing":
            return tuple(dict.fromkeys(str(source.standing) for source in rule.sources))
        case _:
            return (rule.id,)


# Local standards.


def with_local_standards(checklist: Checklist, settings: Settings) -> Checklist:
    """The whole checklist, by the local standards that the settings set.

    Raises:
        InputError: for a limit or a reason that does not fit its rule.
    """
    local, problems = _with_local_standards(checklist, settings)
    if problems:
        raise InputError(problems)
    return local


def _with_local_standards(checklist: Checklist, settings: Settings) -> tuple[Checklist, list[Problem]]:
    """The checklist with the settings' limits and reasons in their rules, each with the shipped rule beside it."""
    if not settings.limits and not settings.accept_reasons:
        return checklist, []
    reading = Reading(settings.file)
    words = dict.fromkeys(word for reasons in settings.accept_reasons.values() for word in reasons)
    reasons = tuple(dict.fromkeys((*checklist.vocabulary.reasons, *words)))
    wider = replace(checklist, vocabulary=replace(checklist.vocabulary, reasons=reasons))
    known = [rule.id for rule in checklist.rules]
    for name, place in (*settings.places.items(), *settings.reason_places.items()):
        if name not in known:
            reading.refuse(
                place, f"no such rule: {name!r}", did_you_mean(name, known) or "`checklist rules` lists them"
            )
    rules = tuple(_local(rule, settings, wider, reading) for rule in checklist.rules)
    return replace(wider, rules=rules), reading.problems


def _local(rule: Rule, settings: Settings, checklist: Checklist, reading: Reading) -> Rule:
    limit, reasons = settings.limits.get(rule.id), settings.accept_reasons.get(rule.id, ())
    if limit is None and not reasons:
        return rule
    rule = in_full(rule, checklist)
    place = settings.places.get(rule.id, settings.reason_places.get(rule.id, (1, 1)))
    why = settings.reason_places.get(rule.id, place)
    root: MappingNode | None = rule.root
    if limit is not None:
        root = _with_limit(rule.root, limit, place, reading)
    if reasons and not any(version.blocks.deadline or version.blocks.expect for version in rule.versions):
        reading.refuse(why, f"{rule.id} asks nothing that a reason could excuse", "leave it out")
    if root is not None and reasons:
        root = _with_reasons(root, reasons, why)
    if root is None:
        return rule
    changed, problems = with_root(rule, root, checklist)
    for problem in problems:
        reading.refuse(place, f"{rule.id}: {problem.what}", problem.hint)
    return replace(changed, shipped=rule) if changed is not None else rule


def _with_reasons(root: MappingNode, reasons: tuple[str, ...], place: tuple[int, int]) -> MappingNode:
    """The rule's file with more accepted reasons: the rule's own, and those of every version that gives its own."""
    more = tuple(Scalar(word, True, *place) for word in reasons)

    def added(node: Node | None) -> Sequence:
        held = node.items if isinstance(node, Sequence) else (node,) if isinstance(node, Scalar) else ()
        return Sequence((*held, *more), *place)

    def of_version(version: MappingNode) -> MappingNode:
        own = version.entries.get("accept_reasons")
        return _put(version, "accept_reasons", added(own)) if own is not None else version

    return _over_versions(_put(root, "accept_reasons", added(root.entries.get("accept_reasons"))), of_version)


def _over_versions(root: MappingNode, change: Callable[[MappingNode], MappingNode]) -> MappingNode:
    versions = root.entries.get("versions")
    if not isinstance(versions, Sequence):
        return root
    items = tuple(change(item) if isinstance(item, MappingNode) else item for item in versions.items)
    return _put(root, "versions", replace(versions, items=items))


def _with_limit(root: MappingNode, limit: Node, place: tuple[int, int], reading: Reading) -> MappingNode | None:
    """The rule's file with local limits in it, in every version; None, and a problem, where they do not fit."""
    deadline, schedule = root.entries.get("deadline"), root.entries.get("schedule")
    wanted = _wanted(deadline, schedule, limit)
    if isinstance(wanted, str):
        reading.refuse(place, wanted, "`checklist show RULE` tells its limits")
        return None
    hint = "write a rule of your own, in a pack"
    versions = _versions_of(root)
    if any(path[0] in version.entries for path in wanted for version in versions):
        reading.refuse(place, "the versions of this rule each have a whole clock of their own", hint)
        return None
    if not all(_has_room(version, path) for path in wanted for version in versions):
        reading.refuse(place, "in some versions the limit hangs on a level, and in others not", hint)
        return None
    for path, node in wanted.items():
        root = _put_in(root, path, node)

    def of_version(version: MappingNode) -> MappingNode:
        own = {key: node for key, node in version.entries.items() if key != "limit_standing"}
        for path, node in wanted.items():
            whole, above = ".".join(path), ".".join(path[:-1])
            held = own.get(above)
            if whole in own:
                own[whole] = node
            elif isinstance(held, MappingNode):
                own[above] = _put(held, path[-1], node)
        return replace(version, entries=own)

    return _over_versions(_put(root, "limit_standing", Scalar(Standing.LOCAL, True, *place)), of_version)


def _has_room(version: MappingNode, path: tuple[str, ...]) -> bool:
    """Whether a version gives no limit of its own there, or one of the same sort."""
    whole, above = ".".join(path), ".".join(path[:-1])
    held = version.entries.get(above)
    if whole in version.entries:
        return True
    if held is None:
        return not any(key.startswith(f"{whole}.") for key in version.entries)
    return isinstance(held, MappingNode) and path[-1] in held.entries


def _versions_of(root: MappingNode) -> tuple[MappingNode, ...]:
    versions = root.entries.get("versions")
    items = versions.items if isinstance(versions, Sequence) else ()
    return tuple(item for item in items if isinstance(item, MappingNode))


def _wanted(deadline: Node | None, schedule: Node | None, limit: Node) -> dict[tuple[str, ...], Node] | str:
    """Where in the rule each local limit belongs; or why they do not fit."""
    table = deadline.entries.get("limit") if isinstance(deadline, MappingNode) else None
    levels = [key for key in table.entries if key != "by"] if isinstance(table, MappingNode) else []
    slots: dict[str, tuple[str, ...]] = {level: ("deadline", "limit", level) for level in levels}
    if deadline is not None and not levels:
        slots["limit"] = ("deadline", "limit")
    if schedule is not None:
        slots |= {"first": ("schedule", "first"), "every": ("schedule", "every")}
    if not slots:
        return "this rule has no limit"
    if isinstance(limit, Scalar):
        alone = [key for key in slots if key != "first"]
        if len(alone) > 1:
            return f"this rule has several limits: give one of {', '.join(slots)}"
        return {slots[alone[0]]: limit}
    given = limit.entries if isinstance(limit, MappingNode) else {}
    for key in given:
        if key not in slots:
            right = "give it one limit" if list(slots) == ["limit"] else f"give one of {', '.join(slots)}"
            return f"this rule has no limit for {key!r}: {right}"
    return {slots[key]: node for key, node in given.items()} or "no limit is given"


def _put_in(mapping: MappingNode, path: tuple[str, ...], node: Node) -> MappingNode:
    key, *rest = path
    inner = mapping.entries.get(key)
    if rest and isinstance(inner, MappingNode):
        return _put(mapping, key, _put_in(inner, tuple(rest), node))
    return _put(mapping, key, node)


def _put(mapping: MappingNode, key: str, node: Node) -> MappingNode:
    places = {**mapping.places, key: mapping.places.get(key, (node.line, node.column))}
    return replace(mapping, entries={**mapping.entries, key: node}, places=places)


# The lock.


def lock_of(checklist: Checklist, settings: Settings, version: str) -> str:
    """The text of a lock: by which rules, settings and choice a review was made, file by file."""
    lines = [
        "# By these rules, and no others. `review --locked` refuses to judge by any other.",
        "lock: 1",
        f"tool: {version}",
        f"digest: {checklist.digest}",
        f"settings: {settings.digest or 'none'}",
        f"rules: {len(checklist.rules)}",
        f"chosen: {_choice_digest(checklist)}",
        "files:",
        *(f"  {name}: {digest}" for name, digest in checklist.files),
    ]
    return "\n".join([*lines, ""])


def check_lock(path: Path, checklist: Checklist, settings: Settings) -> tuple[Problem, ...]:
    """Everything in which the rules differ from those that were locked; nothing where they are the same."""
    document = read_document(path, name=path.name)
    reading = Reading(document.file)
    reading.problems.extend(document.problems)
    root = reading.mapping(document.root, "a lock") if document.root is not None else None
    if root is not None:
        _compare(reading, root, checklist, settings)
    return tuple(sorted(reading.problems))


def _compare(reading: Reading, root: MappingNode, checklist: Checklist, settings: Settings) -> None:
    hint = "review by the locked rules, or make a new lock with `checklist lock`"
    reading.only(root, ("lock", "tool", "digest", "settings", "rules", "chosen", "files"), "a lock")
    node = root.entries.get("files")
    files = reading.mapping(node, "files") if node is not None else None
    locked = {name: reading.text(files, name) for name in files.entries} if files is not None else {}
    held = dict(checklist.files)
    for name in sorted(locked.keys() | held.keys()):
        if locked.get(name) != held.get(name):
            what = "is not in the lock" if name not in locked else "is gone" if name not in held else "was changed"
            reading.refuse(files or root, f"{name} {what}", hint)
    for key, found, told in (
        ("lock", "1", "a lock of a format that is not known"),
        ("digest", checklist.digest, "the rulebook is another"),
        ("settings", settings.digest or "none", "the settings are others"),
        ("rules", str(len(checklist.rules)), "so many rules were not chosen"),
        ("chosen", _choice_digest(checklist), "other rules were chosen"),
    ):
        written = reading.text(root, key, required=True)
        if written and written != found:
            reading.refuse(root.entries[key], told, hint)


def _choice_digest(checklist: Checklist) -> str:
    return hashlib.sha256("\n".join(rule.id for rule in checklist.rules).encode()).hexdigest()


def locked_note(path: Path, checklist: Checklist) -> str:
    """What a report says of the lock that it was checked against."""
    return f"judged by the locked rulebook {checklist.digest[:12]}, as {path.name} says"
