"""The site that is made of the docs: every page is reached, every link leads somewhere, nothing is fetched.

What needs the built pages runs where `BIGRULES_SITE` says where they are: `make docs` builds them and does so.
"""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import attrs
import pytest

import bigrules
from workshop import ROOT, blocks

DOCS = ROOT / "docs"
# What a browser loads by itself, as against what a reader may follow.
LOADED = {"script": "src", "link": "href", "img": "src", "source": "src", "iframe": "src", "object": "data"}


def children(page: Path) -> list[Path]:
    """The pages that the tables of contents of a page name."""
    found = []
    for block in blocks(page):
        if block.language == "{toctree}":
            names = [each for each in block.text.split("\n") if each and not each.startswith(":")]
            for each in names:
                found += [*page.parent.glob(each + ".md")] or [page.parent / (each + ".md")]
    return found


def test_every_page_stands_in_a_table_of_contents() -> None:
    reached, left = {DOCS / "index.md"}, [DOCS / "index.md"]
    while left:
        more = [each for each in children(left.pop()) if each not in reached]
        reached.update(more)
        left += more
    assert {each for each in reached if not each.exists()} == set()
    assert set(DOCS.rglob("*.md")) - reached == set()


def test_every_public_name_is_in_the_reference() -> None:
    told = re.findall(r"^\.\. auto\w+:: bigrules\.(\w+)$", (DOCS / "api.md").read_text("utf-8"), re.MULTILINE)
    assert len(told) == len(set(told))
    assert set(told) == set(bigrules.__all__) - {"__version__"}


def test_every_column_has_a_heading() -> None:
    """Or a screen reader has nothing to say in front of what stands in it."""
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")]:
        for heading in re.findall(r"^(\|.*\|)\n\|[ :|-]+\|$", page.read_text("utf-8"), re.MULTILINE):
            assert all(each.strip() for each in heading.strip("|").split("|")), f"{page.name}: {heading}"


@attrs.define
class Page(HTMLParser):
    """What matters of a built page."""

    links: list[str] = attrs.field(factory=list)
    loaded: list[str] = attrs.field(factory=list)
    ids: set[str] = attrs.field(factory=set)
    headings: list[int] = attrs.field(factory=list)
    language: str = ""
    inline: list[str] = attrs.field(factory=list)
    unfit: list[str] = attrs.field(factory=list)
    inside: str = ""
    heading: bool = False

    def __attrs_pre_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.inside = tag
        if (
            (values.get("role") == "heading" and "aria-level" not in values)
            or (tag == "aside" and "aria-label" not in values)
            or (tag == "pre" and values.get("tabindex") != "0")
            or (tag == "img" and "alt" not in values)
        ):
            self.unfit.append(f"line {self.getpos()[0]}: {tag}")
        if tag == "th":
            self.heading = True
        if "id" in values:
            self.ids.add(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "html":
            self.language = values.get("lang", "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag in LOADED and LOADED[tag] in values and values.get("rel") not in ("canonical", "next", "prev"):
            self.loaded.append(values[LOADED[tag]])

    def handle_endtag(self, tag: str) -> None:
        if tag == "th" and self.heading:
            self.unfit.append(f"line {self.getpos()[0]}: th")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.heading = False
        if self.inside in ("script", "style"):
            self.inline.append(data)


def built(text: str) -> Page:
    page = Page()
    page.feed(text)
    return page


@pytest.fixture(scope="module")
def site() -> dict[Path, Page]:
    """The built pages."""
    asked = os.environ.get("BIGRULES_SITE")
    if not asked:
        pytest.skip("`make docs` builds the site and looks at it")
    folder = (ROOT / asked).resolve()
    pages = {each: built(each.read_text("utf-8")) for each in sorted(folder.rglob("*.html"))}
    assert folder / "index.html" in pages
    return pages


def leads(page: Path, link: str) -> tuple[Path, str]:
    """The file and the place in it that a link within the site leads to."""
    path, place = urldefrag(link)
    return ((page.parent / unquote(path)).resolve() if path else page), unquote(place)


def elsewhere(link: str) -> bool:
    return re.match(r"[a-z]+:|//", link) is not None


def test_there_is_a_page_for_each_source(site: dict[Path, Page]) -> None:
    folder = min(site, key=lambda each: len(each.parts)).parent
    for each in DOCS.rglob("*.md"):
        assert folder / each.relative_to(DOCS).with_suffix(".html") in site


def test_links_within_the_site_lead_somewhere(site: dict[Path, Page]) -> None:
    wrong = []
    for page, held in site.items():
        for link in held.links:
            if elsewhere(link) or link == "#":
                continue
            file, place = leads(page, link)
            if not file.is_file() or (place and file in site and place not in site[file].ids):
                wrong.append(f"{page.name}: {link}")
    assert wrong == []


def test_every_page_is_reached_from_the_first(site: dict[Path, Page]) -> None:
    first = min((each for each in site if each.name == "index.html"), key=lambda each: len(each.parts))
    reached, left = {first}, [first]
    while left:
        page = left.pop()
        for link in site[page].links:
            file = leads(page, link)[0]
            if not elsewhere(link) and file in site and file not in reached:
                reached.add(file)
                left.append(file)
    # Nobody looks for an index of names or a search without a word; both are offered by the search box.
    assert {each.name for each in set(site) - reached} <= {"genindex.html", "search.html"}


def test_nothing_is_fetched_from_elsewhere(site: dict[Path, Page]) -> None:
    for page, held in site.items():
        assert [each for each in held.loaded if elsewhere(each) and not each.startswith("data:")] == [], (
            page.name
        )
        for text in held.inline:
            assert not re.search(r"@import|url\(\s*['\"]?(?:https?:)?//|fetch\(", text), page.name
    folder = min(site, key=lambda each: len(each.parts)).parent
    for sheet in folder.rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(?:https?:)?//", sheet.read_text("utf-8")), sheet.name


def test_headings_are_in_order(site: dict[Path, Page]) -> None:
    """One of the first level, and none that leaves a level out: so a screen reader tells the page."""
    for page, held in site.items():
        assert held.language == "en", page.name
        if page.name != "search.html":  # has its heading from the script that searches
            assert held.headings.count(1) == 1, page.name
        for before, after in zip(held.headings, held.headings[1:], strict=False):
            assert after <= before + 1, f"{page.name}: h{after} behind h{before}"


def test_pages_can_be_heard_and_used_without_a_mouse(site: dict[Path, Page]) -> None:
    """Landmarks have names, headings a level, columns a heading; what scrolls can be reached."""
    assert {page.name: held.unfit for page, held in site.items() if held.unfit} == {}


def test_the_search_knows_the_words(site: dict[Path, Page]) -> None:
    """The index of the search stands in a file of its own, so that it works without a server."""
    folder = min(site, key=lambda each: len(each.parts)).parent
    index = (folder / "searchindex.js").read_text("utf-8")
    assert index.startswith("Search.setIndex(")
    for word in ("rulebook", "regist", "fingerprint"):  # as the search shortens them
        assert f'"{word}' in index or f"{word}:" in index, word


def test_a_page_is_read_as_a_browser_does() -> None:
    page = built(
        '<html lang="en"><link rel="stylesheet" href="a.css"><h1 id="x">A</h1><h3>B</h3>'
        '<a href="b.html#y">b</a><script src="https://example.org/a.js"></script><style>@import "c"</style>'
    )
    assert (page.links, page.loaded) == (["b.html#y"], ["a.css", "https://example.org/a.js"])
    assert (page.ids, page.headings, page.language, page.inline) == ({"x"}, [1, 3], "en", ['@import "c"'])
    page = built(
        '<p role="heading">A</p><aside>b</aside><pre>c</pre><img src="d.png"><table><th></th><th>e</th></table>'
        '<p role="heading" aria-level="2"></p><aside aria-label="b"></aside><pre tabindex="0"></pre><img alt="">'
    )
    assert [each.removeprefix("line 1: ") for each in page.unfit] == ["p", "aside", "pre", "img", "th"]
    assert elsewhere("https://example.org") and elsewhere("//example.org") and not elsewhere("a/b.html")
