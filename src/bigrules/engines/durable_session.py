"""The C module of durable-rules, driven in the one way in which its answers can be relied on.

What it is asked for is the enumeration of joins over small integers and nothing else: no negation, no order,
no counting, no retraction. Names and values of users never enter it.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import re
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import attrs

MODULE = "durable_rules_engine"
# The version that all that is said here was measured on.
VERSION = "2.0.28"

# A frame holds 16 messages, one of which is kept free.
MOST_PATTERNS = 15
# A pattern holds 32 expressions, with those that open and close it.
MOST_JOINS = 25
# 64 tests can be live on one kind of fact.
MOST_TESTS = 60
# 255 rules on one test, 256 crash; there are 512 places for tests on one field.
MOST_RULES = 200
# A fact has 255 fields at the most, with those that are in all of them.
MOST_COLUMNS = 200
# Facts are told apart by a 32-bit hash of their id; below this number no two of `#0`, `#1`, … share one.
MOST_FACTS = 1_000_000
# Compiled rulesets that are kept for further cases, one for each session that is open at once.
MOST_RULESETS = 256

# How the message of the catch-all rule begins; those of others have the letter c and a number.
_REST = '{"rest"'

# Words of durable-rules: it looks them up by the same hash as names.
ITS_OWN_WORDS = (
    "$add", "$and", "$div", "$ex", "$forward", "$gt", "$gte", "$i", "$iall", "$iany", "$imt", "$l", "$lt", "$lte",
    "$m", "$mt", "$mul", "$neq", "$nex", "$or", "$r", "$s", "$sub", "all", "any", "cap", "count", "dist", "pri",
)  # fmt: skip

_INSTALLED = re.compile(r"durable_rules-([^-]+)\.(?:dist|egg)-info")
_MATCHED = re.compile(r'"a(\d+)":\{"id":"#(\d+)"')

# The module has state of its own, so that one stratum is run at a time in a process.
_lock = threading.RLock()
# Handles of compiled rulesets that no session uses, by their text; those that were used last come last.
_idle: OrderedDict[str, list[int]] = OrderedDict()
_made = 0

# Whoever forks waits until no session is open: what a child takes over can then be relied on, and is not locked.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)


class OutsideProfile(Exception):
    """A program, or a case, is outside of what durable-rules can be relied on for."""


def available() -> str | None:
    """Say why this engine cannot be used here.

    Returns:
        None if it can be used, else the reason in plain words.
    """
    try:
        module = importlib.import_module(MODULE)
    except ModuleNotFoundError:
        return "durable-rules is not installed"
    except Exception as error:  # noqa: BLE001 - a library that is broken may raise anything when it is loaded
        here = f"Python {sys.version_info.major}.{sys.version_info.minor}"
        return f"durable-rules cannot be imported on {here} ({type(error).__name__})"
    file = getattr(module, "__file__", None)
    found = _version(file) if file else None
    if found not in (None, VERSION):
        return f"durable-rules {found} is installed, and only {VERSION} is known to be right"
    return None


@functools.cache
def _version(file: str) -> str | None:
    """The version of durable-rules that is installed with a module; None where none is written beside it."""
    try:
        names = os.listdir(os.path.dirname(file) or ".")
    except OSError:  # such as a module in an archive
        return None
    for name in names:
        found = _INSTALLED.fullmatch(name)
        if found is not None:
            return found[1]
    return None


@attrs.frozen
class Pattern:
    """One pattern of a rule.

    Args:
        kind: Number of the kind of fact that it matches.
        joins: Columns that must be equal: own column, number of the earlier pattern, its column.
    """

    kind: int
    joins: tuple[tuple[int, int, int], ...] = ()


Joined = tuple[Pattern, ...]


def fnv1a(text: str) -> int:
    """The hash by which durable-rules tells names apart.

    >>> fnv1a("costarring") == fnv1a("liquid")
    True
    """
    number = 0x811C9DC5
    for byte in text.encode():
        number = ((number ^ byte) * 16777619) & 0xFFFFFFFF
    return number


def check_names(names: Iterable[str]) -> None:
    """Refuse names that durable-rules would take for each other.

    Raises:
        OutsideProfile: Two different names have the same hash.
    """
    seen: dict[int, str] = {}
    for name in names:
        other = seen.setdefault(fnv1a(name), name)
        if other != name:
            raise OutsideProfile(f"durable-rules cannot tell `{other}` from `{name}`")


def check_rule(rule: Joined) -> None:
    """Refuse a rule that no ruleset can hold.

    Raises:
        OutsideProfile: It has too many patterns, tests or fields.
        ValueError: A pattern is joined with one that does not stand before it. durable-rules would take that
            without a word, and never match.
    """
    for position, pattern in enumerate(rule):
        for own, other, column in pattern.joins:
            if not 0 <= other < position or own < 0 or column < 0:
                raise ValueError(f"pattern {position} is joined with column {column} of pattern {other}")
    if len(rule) > MOST_PATTERNS:
        raise OutsideProfile(
            f"a clause joins {len(rule)} patterns, durable-rules is relied on for {MOST_PATTERNS}"
        )
    for pattern in rule:
        if len(pattern.joins) > MOST_JOINS:
            raise OutsideProfile(
                f"a pattern joins {len(pattern.joins)} columns, durable-rules is relied on for {MOST_JOINS}"
            )
    columns: dict[int, set[int]] = {}
    for pattern in rule:
        for own, other, column in pattern.joins:
            columns.setdefault(pattern.kind, set()).add(own)
            columns.setdefault(rule[other].kind, set()).add(column)
    widest = max(map(len, columns.values()), default=0)
    if widest > MOST_COLUMNS:
        raise OutsideProfile(
            f"a clause joins {widest} columns of one kind of fact, durable-rules is relied on for {MOST_COLUMNS}"
        )
    _check_tests([rule], "a clause")


def _check_tests(rules: Iterable[Joined], what: str) -> None:
    worst = max(live_tests(rules).values(), default=0)
    if worst > MOST_TESTS:
        raise OutsideProfile(
            f"{what} makes {worst} tests on one kind of fact, durable-rules is relied on for {MOST_TESTS}"
        )


def live_tests(rules: Iterable[Joined]) -> dict[int, int]:
    """How many tests are made on each kind of fact."""
    counts: dict[int, int] = {}
    for rule in rules:
        for position, pattern in enumerate(rule):
            # The kind, the catch-all, each join, and the equality that closes a joined pattern.
            counts.setdefault(pattern.kind, 2)
            if position:
                counts[pattern.kind] += len(pattern.joins) + 1
    return counts


def ruleset_text(rules: Mapping[int, Joined]) -> str:
    """The rules, by number, as durable-rules reads them.

    Raises:
        OutsideProfile: Two names in them have the same hash.
    """
    made: dict[str, object] = {}
    names = {"id", "sid", "t", "one", "m", *ITS_OWN_WORDS}
    for number, rule in rules.items():
        patterns: list[object] = []
        for position, pattern in enumerate(rule):
            names |= {f"a{position}", *(f"f{column}" for column, _, _ in pattern.joins)}
            names |= {f"f{column}" for _, _, column in pattern.joins}
            condition: object = {"t": pattern.kind}
            if position:
                # The last test of a joined pattern must be an equality; every fact has a field `one`.
                joins = [{f"f{own}": {f"a{other}": f"f{column}"}} for own, other, column in pattern.joins]
                condition = {"$and": [condition, *joins, {"one": {"a0": "one"}}]}
            patterns.append({f"a{position}": condition})
        # Without `dist` 0 a fact would not fill two patterns of one firing.
        made[f"c{number}"] = {"all": patterns, "dist": 0}
    # No fact is without a rule, no session without an action; it comes after all others.
    made["rest"] = {"all": [{"m": {"$ex": {"t": 1}}}], "pri": 1}
    check_names([*sorted(names), *made])
    return json.dumps(made)


@attrs.frozen(eq=False)
class Ruleset:
    """Rules that are run together.

    Args:
        rules: By number.
        text: The rules as durable-rules reads them.
    """

    rules: dict[int, Joined]
    text: str


def ruleset(rules: Mapping[int, Joined]) -> Ruleset:
    """Make a ruleset.

    Raises:
        OutsideProfile: It is more than durable-rules can be relied on for, or two names in it have the same
            hash.
        ValueError: A pattern is joined with one that does not stand before it.
    """
    for rule in rules.values():
        check_rule(rule)
    if len(rules) > MOST_RULES:
        raise OutsideProfile(f"a ruleset has {len(rules)} rules, durable-rules is relied on for {MOST_RULES}")
    _check_tests(rules.values(), "a ruleset")
    return Ruleset(dict(rules), ruleset_text(rules))


class Session:
    """Facts that are asserted into one ruleset, and the firings that they lead to.

    Use it as a context manager, or open and close it. Whatever goes wrong in the module, the ruleset is thrown
    away: nothing is known about its state then.

    Args:
        ruleset: The rules.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self._rules = ruleset.rules
        self._text = ruleset.text
        self._engine: Any = None
        self._handle = 0
        self._state = 0
        self._fired = False
        self._sound = True

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> Self:
        """Begin; until it is closed, no other thread has a session.

        Raises:
            OutsideProfile: durable-rules does not take the rules.
        """
        _lock.acquire()
        try:
            self._engine = importlib.import_module(MODULE)
            self._handle = _take(self._engine, self._text)
        except BaseException:
            _lock.release()
            raise
        return self

    def close(self) -> None:
        """End: nothing of its facts is left."""
        try:
            # After a fault the ruleset is not used again, and not deleted either: what is left of the session
            # may not be fit to be freed. What goes wrong outside of the module is none of its faults.
            if self._sound:
                if self._fired:
                    # Safe only once an action has fired; the catch-all rule fires for every fact.
                    self._engine.delete_state(self._handle, "0")
                _keep(self._engine, self._text, self._handle)
        finally:
            _lock.release()

    def fire(self, facts: Sequence[str]) -> list[tuple[int, list[int]]]:
        """Assert facts, as JSON, and run until nothing more fires.

        Args:
            facts: At least one; each with `id`, `sid`, `t`, `one` and its columns, id first.

        Returns:
            Of each firing, the number of the rule, and the number of the fact for each of its patterns.

        Raises:
            OutsideProfile: The module reports a fault.
        """
        # Until it is seen that all went well, nothing is known about the state of the session.
        self._sound = False
        matches: list[tuple[int, list[int]]] = []
        try:
            code, state = self._engine.assert_facts(self._handle, f"[{','.join(facts)}]")
            if code != 0:
                raise OutsideProfile(f"durable-rules reported code {code} when facts were asserted")
            complete = self._engine.complete_and_start_action
            if self._fired:
                message = complete(self._handle, self._state)
            else:
                self._state = state
                started = self._engine.start_action_for_state(self._handle, state)
                message = started[1] if started else None
                self._fired = True
            while message is not None:
                if message.startswith(_REST):
                    # Every rule of more weight is through; the rest is dropped with the session.
                    self._sound = True
                    return matches
                rule = int(message[3 : message.index('"', 3)])
                matched = [-1] * len(self._rules[rule])
                for alias, number in _MATCHED.findall(message):
                    matched[int(alias)] = int(number)
                matches.append((rule, matched))
                message = complete(self._handle, self._state)
        except OutsideProfile:
            raise
        except Exception as error:
            raise OutsideProfile(f"durable-rules reported a fault: {error}") from error
        raise OutsideProfile("durable-rules lost a fact")


def close_all(sessions: Sequence[Session]) -> None:
    """Close sessions, all of them even where one cannot be closed."""
    for at, session in enumerate(sessions):
        try:
            session.close()
        except BaseException:
            close_all(sessions[at + 1 :])
            raise


def fact_format(kind: int, columns: Iterable[int]) -> str:
    """How a fact of a kind is written, to be filled in with its number and its columns.

    >>> fact_format(3, [0, 2]) % (7, 10, 11)
    '{"id":"#7","sid":"0","t":3,"one":1,"f0":10,"f2":11}'
    """
    fields = "".join(f',"f{column}":%d' for column in columns)
    return f'{{"id":"#%d","sid":"0","t":{kind},"one":1{fields}}}'


def _take(engine: Any, text: str) -> int:
    """The handle of a ruleset that no other session uses; compiled where there is none."""
    global _made
    idle = _idle.get(text)
    if idle:
        handle = idle.pop()
        if not idle:
            del _idle[text]
        return handle
    _made += 1
    try:
        made: int = engine.create_ruleset(f"r{_made}", text)
    except Exception as error:
        raise OutsideProfile(f"durable-rules does not take a ruleset: {error}") from error
    return made


def _keep(engine: Any, text: str, handle: int) -> None:
    """Keep a handle for the next session, in place of those that were not used for longest."""
    _idle.setdefault(text, []).append(handle)
    _idle.move_to_end(text)
    while sum(map(len, _idle.values())) > MOST_RULESETS:
        oldest = next(iter(_idle.values()))
        engine.delete_ruleset(oldest.pop(0))
        if not oldest:
            _idle.popitem(last=False)
