"""The site that `nox -s site` builds: whole, its links lead somewhere, and nothing of it is fetched from elsewhere."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from generated import ROOT

pytestmark = pytest.mark.skipif(
    not all(map(find_spec, ("sphinx", "myst_parser", "furo"))), reason="the site's builder is not installed: .[docs]"
)
FETCHED = {"img": "src", "script": "src", "iframe": "src", "source": "src", "object": "data", "image": "href"}
"""What a browser fetches by itself; of a `link`, what is neither a page to go to nor a name."""


class Page(HTMLParser):
    """What a page refers to, what it has the browser fetch, and what can be referred to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.fetched: set[str] = set()
        self.ids: set[str] = set()
        self.drawings = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.drawings += tag == "svg" and "aria-roledescription" in values
        if "id" in values:
            self.ids.add(values["id"])
        if tag == "a" and "href" in values:
            self.links.add(values["href"])
        elif tag == "link" and values.get("rel") in ("stylesheet", "preload", "icon", "shortcut icon", "modulepreload"):
            self.fetched.add(values["href"])
        elif tag in FETCHED and FETCHED[tag] in values:
            self.fetched.add(values[FETCHED[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The one that the nox session has built, else one built here."""
    if built := os.environ.get("HEADWORKS_SITE"):
        return ROOT / built
    place = tmp_path_factory.mktemp("site")
    words = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", str(place)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    """Every page by its file."""
    return {file: Page(file.read_text(encoding="utf-8")) for file in site.rglob("*.html")}


def test_every_page_is_in_it(site: Path) -> None:
    written = {page.relative_to(ROOT / "docs").with_suffix(".html") for page in (ROOT / "docs").rglob("*.md")}
    assert {page for page in written if not (site / page).exists()} == set()


def test_nothing_is_fetched_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    for file, page in pages.items():
        assert page.fetched, file
        for url in page.fetched:
            assert not urlsplit(url).netloc, f"{file.name}: {url}"
            assert url.startswith("data:") or (file.parent / unquote(urlsplit(url).path)).exists(), (
                f"{file.name}: {url}"
            )
    styles = "".join(file.read_text(encoding="utf-8") for file in site.rglob("*.css"))
    assert not re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)]*", styles)
    # A script that loads another names it.
    for file in site.rglob("*.js"):
        assert not re.findall(r"https?://[^'\" ]*\.(?:m?js|css|woff2?)\b", file.read_text(encoding="utf-8")), file.name


def test_every_link_and_anchor_leads_somewhere(site: Path, pages: dict[Path, Page]) -> None:
    asked = 0
    for file, page in pages.items():
        for url in page.links:
            parts = urlsplit(url)
            if parts.scheme or parts.netloc:
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file.resolve()
            assert target.exists(), f"{file.name}: {url}"
            if parts.fragment and target.suffix == ".html":
                asked += 1
                assert unquote(parts.fragment) in pages[site.resolve() / target.relative_to(site.resolve())].ids, url
    assert asked


def test_diagrams_are_drawn(site: Path, pages: dict[Path, Page]) -> None:
    """Each Mermaid block is an SVG; none is left for a script."""
    for page in (ROOT / "docs").rglob("*.md"):
        blocks = len(re.findall(r"^```mermaid$", page.read_text(encoding="utf-8"), re.MULTILINE))
        built = site / page.relative_to(ROOT / "docs").with_suffix(".html")
        assert pages[built].drawings == blocks, page.name
    assert pages[site / "commerce-erd.html"].drawings == 9
