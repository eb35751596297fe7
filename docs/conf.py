"""How the site is built (`make docs`). Nothing is fetched, neither here nor by a reader's browser."""

from __future__ import annotations

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

autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
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
