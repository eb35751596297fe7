"""How the site is built (`make docs`). Nothing is fetched, neither here nor by a reader's browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes

import bigrules

project = "bigrules"
version = release = bigrules.__version__
author = "The authors of bigrules"
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns: list[str] = []
# Headings can be linked to, down to the fourth level.
myst_heading_anchors = 4
# What a block says is held true by a test; how it is coloured matters less.
suppress_warnings = ["misc.highlighting_failure"]
highlight_language = "none"

# In docstrings single backticks are code, as they are in Markdown.
default_role = "code"
smartquotes = False

autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = f"bigrules {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
# Accessible with both: each is tried against the background that it stands on.
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

# The first line of a block that names its file: see tests/workshop.py.
FILE = re.compile(r"(?:#|//) (\S+/|\S*\.\w+)((?:, sheet [\w ]+)?(?: \([\w ./-]+\))?)\n")
# What the theme leaves out of its pages, for those who hear them or have no mouse.
ACCESSIBLE = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="All pages">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="On this page">',
    '<aside class="toc-drawer no-toc">': '<aside class="toc-drawer no-toc" aria-label="On this page">',
    "<pre>": '<pre tabindex="0">',
}


def file_as_caption(app: Any, doctree: nodes.document) -> None:
    """Puts the name of a file above its block, where it cannot be taken for a line of the file."""
    for block in list(doctree.findall(nodes.literal_block)):
        found = FILE.match(block.rawsource or block.astext())
        if found is None:
            continue
        text = block.astext()[found.end() :]
        block.rawsource, block.children = text, []
        block += nodes.Text(text)
        caption = nodes.caption("", "", nodes.literal("", found[1]), nodes.Text(found[2]))
        wrapper = nodes.container("", literal_block=True, classes=["literal-block-wrapper"])
        block.replace_self(wrapper)
        wrapper += [caption, block]
        doctree.set_id(wrapper)


def make_accessible(app: Any, error: Exception | None) -> None:
    """Adds what the theme leaves out."""
    for page in Path(app.outdir).rglob("*.html") if error is None else ():
        text = page.read_text(encoding="utf-8")
        for before, after in ACCESSIBLE.items():
            text = text.replace(before, after)
        page.write_text(text, encoding="utf-8")


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("doctree-read", file_as_caption)
    app.connect("build-finished", make_accessible)
