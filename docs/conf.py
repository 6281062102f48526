"""The site: these pages, the README before them, diagrams drawn while it is built. `nox -s site` builds and checks it.

Nothing of a built page is fetched from elsewhere: no fonts, no scripts, no CDN.
"""

import itertools
import re
from pathlib import Path

import merman
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parents[1]

project = "headworks"
author = "The headworks authors"
copyright = author  # noqa: A001 - Sphinx's name
extensions = ["myst_parser"]
exclude_patterns = ["_static"]
myst_heading_anchors = 4
myst_fence_as_directive = ["mermaid"]
# These have no lexer; they are shown as they are.
suppress_warnings = ["misc.highlighting_failure"]
html_theme = "furo"
html_title = "headworks"
html_static_path = ["_static"]
html_css_files = ["diagrams.css"]
html_copy_source = False
html_show_copyright = False
nitpicky = True

SMALLEST = 0.75
"""So far a diagram is made smaller to fit the page; then it scrolls."""

_numbers = itertools.count(1)


class Mermaid(SphinxDirective):
    """A Mermaid diagram as SVG in the page, drawn now: nothing is left for the browser to do."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        # All parts of a drawing are found by ids that begin with this word, and a page has several drawings.
        svg = merman.Merman().render_svg("\n".join(self.content), None).replace("merman", f"diagram{next(_numbers)}")
        width = float(re.search(r'viewBox="\S+ \S+ (\S+) ', svg)[1])
        legible = f"min-width: {width * SMALLEST:.0f}px; max-width: "
        return [nodes.raw("", f'<div class="diagram">{svg.replace("max-width: ", legible, 1)}</div>', format="html")]


def _read(app: Sphinx, page: str, source: list[str]) -> None:
    """Put the files of the repository's root into their pages, with links as they are from here."""
    del app
    if folder := {"commands/README": "*", "lint": "lint/*"}.get(page):
        source[0] += f"\n```{{toctree}}\n:hidden:\n:glob:\n\n{folder}\n```\n"
    for name in re.findall(r"^<!-- the text of (\S+) -->$", source[0], re.MULTILINE):
        text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
        source[0] = source[0].replace(
            f"<!-- the text of {name} -->", text.replace("](CONTRIBUTING.md", "](contributing.md")
        )


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx's hook."""
    app.add_directive("mermaid", Mermaid)
    app.connect("source-read", _read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
