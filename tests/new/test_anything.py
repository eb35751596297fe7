"""Whatever somebody writes: it is made and passes, or it is refused in words and all stays as it was."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from bigrules.diagnostics import InputError
from bigrules.tools.new_amendment import Wanted, new_amendment
from bigrules.tools.new_fact import new_fact
from bigrules.tools.new_rule import FORMS, new_definition, new_rule
from bigrules.tools.new_rulebook import new_rulebook
from new.desk import IDS, ODD, club, holds, what_is_said

TEXTS = st.one_of(st.sampled_from(ODD), st.text(max_size=20))
SENTENCES = st.one_of(
    TEXTS,
    st.sampled_from(
        ["<person> is a member", "<x> holds the office of <y>", "<any person> is a member", "<a> knows <b>", "it rains",
         "<person> is not a member", "<a> and <a> meet", "<the day> is a day", "<> is empty", "<a b> is <c-d>"]
    ),
)  # fmt: skip
FIELDS = st.one_of(
    TEXTS,
    st.builds(
        "{}: {}".format, TEXTS, st.sampled_from(["person", "date", "text", "club", "one of a, b", "happened"])
    ),
)
PLACES = st.one_of(TEXTS, IDS)
CHANGES = st.one_of(
    TEXTS, st.sampled_from(["at least: 3", "at least: 2", "nothing", "at most: 0", "among: <x> is a member"])
)


@st.composite
def commands(draw: st.DrawFn) -> Callable[[Path], object]:
    """Something to make in a rulebook."""
    options: dict[str, Any]
    match draw(st.sampled_from(["rule", "rule", "definition", "fact", "amendment", "rulebook"])):
        case "rule":
            options = {
                "title": draw(TEXTS),
                "source": draw(st.lists(TEXTS, max_size=2)),
                "section": draw(TEXTS),
            }
            options |= {
                "form": draw(st.sampled_from(FORMS)),
                "for_each": draw(st.lists(SENTENCES, max_size=2)),
            }
            return functools.partial(_in, new_rule, draw(PLACES), options)
        case "definition":
            return functools.partial(_in, new_definition, draw(PLACES), {"says": draw(SENTENCES)})
        case "fact":
            options = {
                "fields": draw(st.lists(FIELDS, max_size=3)),
                "says": draw(SENTENCES),
                "dated": draw(st.booleans()),
            }
            options |= {
                "lists": draw(st.sampled_from(["", "person", "club"])),
                "otherwise": draw(st.just("") | SENTENCES),
            }
            return functools.partial(_in, new_fact, draw(TEXTS), options)
        case "amendment":
            target = draw(
                st.sampled_from(["members/enough-members", "vocabulary/offices", "members/x"]) | TEXTS
            )
            wanted = Wanted(
                target,
                change=draw(CHANGES),
                to=draw(CHANGES),
                start=draw(st.sampled_from(["", "2018-04-01"])),
            )
            return functools.partial(_beside, draw(PLACES), wanted)
    place = draw(PLACES)
    return lambda root: new_rulebook(f"{root.parent}/{place}", "x")


def _in(make: Callable[..., object], name: str, options: dict[str, Any], root: Path) -> object:
    return make(name, str(root), **options)


def _beside(place: str, wanted: Wanted, root: Path) -> object:
    return new_amendment(f"{root.parent}/{place}", str(root), wanted=wanted)


@settings(max_examples=settings.default.max_examples // 4)
@given(st.lists(commands(), min_size=1, max_size=2))
def test_it_is_made_or_nothing_is(makes: list[Callable[[Path], object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = club(Path(folder) / "club")
        for make in makes:
            before = holds(Path(folder))
            try:
                made: Any = make(root)
            except InputError as error:
                event(f"refused: {error.diagnostics[0].code}")
                assert holds(Path(folder)) == before
                assert all(
                    each.message and each.help and "\n" not in each.message for each in error.diagnostics
                )
                continue
            event("made")
            assert all(Path(each).is_file() for each in made.files)
            after = holds(Path(folder))
            for name, data in before.items():
                kept = after[name]
                assert kept == data or (kept is not None and data is not None and kept.startswith(data))
        for each in Path(folder).rglob("*.yaml"):
            if each.name in ("rulebook.yaml", "amendment.yaml"):
                assert what_is_said(each.parent) == []
