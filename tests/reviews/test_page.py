"""The page: it keeps to the width, and whatever a register holds stands on it as it was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bigrules
from bigrules.findings.pack import Pack
from bigrules.render.markdown import bullet, escaped, heading, paragraph, table
from bigrules.render.review import review_lines, review_markdown
from bigrules.render.text import wrapped

from .conftest import register

markdown_it = pytest.importorskip("markdown_it")

NASTY = [
    "Ann | Bob",
    "<b>Ann</b> & Co",
    "*Ann* _Bob_ **Cid** __Dee__",
    "`Ann`",
    "[Ann](http://example.org)",
    "![Ann](x)",
    "# Ann",
    "1. Ann",
    "- Ann",
    "+ Ann",
    "~~Ann~~",
    "Ann\\|Bob",
    "&lt;Ann&gt;",
    "--- Ann",
    "> Ann",
    "<http://example.org>",
    "Ann $x$",
    "=== Ann",
]


def parser() -> Any:
    return markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])


def texts(page: str) -> list[str]:
    """The text of every inline part of a page; any mark in it would be a child that is no text."""
    found = []
    for token in parser().parse(page):
        if token.type == "inline":
            assert {each.type for each in token.children} <= {"text", "text_special"}, token.content
            found.append("".join(each.content for each in token.children))
        assert token.type not in ("html_block", "code_block", "fence", "blockquote_open", "hr"), token.type
    return found


@pytest.mark.parametrize("name", NASTY)
def test_text_stays_what_it_is(name: str) -> None:
    assert texts(paragraph(name)) == [name]
    assert texts(heading(2, name)) == [name]
    assert texts(bullet(name)) == [name]
    assert texts("\n".join(table(["Name", "Role"], [[name, name]]))) == ["Name", "Role", name, name]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=20))
@settings(max_examples=150, deadline=None)
def test_any_text_stays_what_it_is(name: str) -> None:
    """Only white space and what cannot be printed is changed."""
    plain = " ".join("".join(each if each.isprintable() else " " for each in name).split())
    if plain:
        assert texts(f"x {escaped(name)}") == [f"x {plain}"]
        assert texts(bullet(name)) == [plain]
        assert texts("\n".join(table(["Name"], [[name]]))) == ["Name", plain]


@pytest.mark.parametrize("name", NASTY)
def test_a_pack_with_odd_names(club: bigrules.Rulebook, name: str) -> None:
    """A name, and what somebody wrote, stand in the table and in the sentences as they are in the register."""
    data = register(lambda data: data["forms"].pop())
    data["replies"][0]["why"] = name
    for rows in data.values():
        for row in rows if isinstance(rows, list) else ():
            if row.get("person") == "Cid Mock":
                row["person"] = name
    pack = club.review(club.read(data), 2018)
    found = texts(review_markdown(pack))
    shown = " ".join(name.split())
    assert found.count(shown) == 1
    assert f"Have {shown} sign. (forms, a new row)" in found
    assert f"Yes, on 10 March 2018; {shown}." in found


def test_the_page_has_its_parts(fill: Callable[..., Pack]) -> None:
    page = review_markdown(fill(lambda data: data.update(forms=[])), "register")
    tokens = parser().parse(page)
    headings = [
        (token.tag, tokens[number + 1].content)
        for number, token in enumerate(tokens)
        if token.type == "heading_open"
    ]
    assert headings == [
        ("h1", "Letter to the town, 2018"),
        ("h2", "Missing before it can be sent (1)"),
        ("h2", "What counts"),
        ("h2", "Promises"),
        ("h2", "Players (3)"),
        ("h2", "Questions"),
        ("h3", "Was the club fair?"),
        ("h2", "Sending"),
        ("h2", "What this rests on"),
    ]
    assert sum(token.type == "tr_open" for token in tokens) == 4
    # A point stands under the item that it belongs to.
    lists = [token.level for token in tokens if token.type == "bullet_list_open"]
    assert max(lists) > min(lists)


@pytest.mark.parametrize("width", [80, 60, 100])
def test_lines_keep_to_the_width(fill: Callable[..., Pack], width: int) -> None:
    lines = wrapped(review_lines(fill(lambda data: data.update(forms=[]), year=2017)), width)
    assert max(len(text) for text, _ in lines) <= width
    assert all(text == text.rstrip() for text, _ in lines)


def test_the_page_as_lines(fill: Callable[..., Pack]) -> None:
    """All of it, read as the club would."""
    pack = fill(
        lambda data: data["forms"].pop(),
        lambda data: data["offices"].append({"person": "Zoe Outside", "office": "treasurer"}),
    )
    lines = [text for text, _ in wrapped(review_lines(pack, "register"), 80)]
    until = lines.index("What this rests on")
    assert lines[:until] == [
        "Letter to the town, 2018",
        "  Rook & Pawn",
        "  - Judged as of 15 March 2018, the day that the register gives.",
        "  - It can be sent now, until 30 April 2018.",
        "  1 thing is missing before it can be sent. Every criterion is met. 1 answer",
        "  contradicts what was found.",
        "",
        "Missing before it can be sent (1)",
        "  - Have Cid Mock sign. (forms, a new row)",
        "",
        "What counts",
        "  - Met: There are at least three in the club.",
        "      Figures: 3; at least 3 are needed.",
        "  - Met: The club is open to everyone.",
        "      Answered yes on 1 March 2018 (answers, record 1).",
        "      Players: 3.",
        "",
        "Promises",
        "  Every criterion is met, so that nothing has to be told.",
        "",
        "Players (3)",
        "  Name; Part; Town; Form",
        "  - Ann Example; chair; in town; signed on 2 January 2018",
        "  - Bob Sample; player; elsewhere; signed on 3 January 2018",
        "  - Cid Mock; player; in town; not signed",
        "",
        "Questions",
        "",
        "  Was the club fair?",
        "  Yes, on 10 March 2018; everybody got a turn.",
        "  The answer is yes, and this is breached: “Whoever holds an office is in the",
        "  club”.",
        "  - Not met: Whoever holds an office is in the club.",
        "      Somebody who is not a member.",
        "  - Met: “No two officers are married” and “The club is open to everyone”.",
        "",
        "Sending",
        "  It has not been sent.",
        "  - Does not apply on that day: A letter that is sent is sent by post.",
        "",
    ]


def test_what_was_said_above_is_not_said_again(fill: Callable[..., Pack]) -> None:
    def no(data: dict[str, Any]) -> None:
        data["answers"][0].update(answer="no", why="the door is locked")

    lines = [each.text for each in review_lines(fill(no))]
    first = lines.index("Not met: The club is open to everyone.")
    assert lines[first + 1].endswith("The reason given: the door is locked.")
    again = lines.index("Not met: The club is open to everyone (see above).")
    assert again > first
    assert sum("the door is locked" in each for each in lines) == 1
