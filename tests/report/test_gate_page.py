"""The gate's page: one file that loads and runs nothing; tried in headless Chromium where there is one."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from gate_samples import FEW, GRAPH, clean, history

from headworks.erd.formats._svg import render as drawn
from headworks.findings import Outcome
from headworks.report import render
from headworks.report.drawing import sound

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
in_a_browser = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
VOID = {"meta", "input"}
OUTCOMES = {"few": FEW, "clean": clean(17), "17": history(17), "500": history(500)}


class Page(HTMLParser):
    """Tags that are closed in the right order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes += attrs
        self.open += [tag] if tag not in VOID else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", OUTCOMES)
def test_it_is_in_order_and_loads_and_runs_nothing(name: str) -> None:
    text = render(OUTCOMES[name], "html")
    page = Page(text)
    assert not page.seen & {"script", "img", "link", "iframe", "object", "embed", "image", "use"}
    assert not [one for one, _ in page.attributes if one.startswith("on") or one in ("src", "xlink:href")]
    anchors = [value for one, value in page.attributes if one == "id"]
    assert len(anchors) == len(set(anchors))
    links = [value or "" for one, value in page.attributes if one == "href"]
    assert all(link.startswith("https://github.com/headworks/") or link[1:] in anchors for link in links)
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "default-src 'none'" in text
    for one in OUTCOMES[name].details["revisions"]:
        assert f'<code class="id">{one["revision"]}</code>' in text


def test_locks_stand_by_table_the_worst_first() -> None:
    text = render(FEW, "html").split("<h2>Locks by table</h2>")[1].split("<h2>")[0]
    tables = re.findall(r"<h3><code>([^<]*)</code></h3>", text)
    assert tables == ["public.orders", "public.customers"]
    assert "2 statements; worst ACCESS EXCLUSIVE (41,000,000 rows), <strong>full rewrite</strong>" in text
    assert text.count('href="#r1"') == 3


def test_rows_lost_and_tables_without_rows() -> None:
    text = render(FEW, "html").split("<h2>Rows</h2>")[1].split("<h2>")[0]
    assert 'max="4" value="3"' in text
    assert text.count("rows lose their value") == 1
    assert "check ck_weird could not be met" in text
    assert "<h2>Rows</h2>" not in render(msgspec.structs.replace(FEW, findings=(), details={
        "revisions": FEW.details["revisions"]}), "html")  # fmt: skip


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>", '<image href="https://x.invalid/"/>', '<a href="javascript:alert(1)">x</a>',
        "<style>@import 'https://x.invalid';</style>", '<g onload="alert(1)"/>', '<foreignObject><b/></foreignObject>',
        '<rect fill="url(https://x.invalid/)"/>',
    ],
)  # fmt: skip
def test_a_drawing_can_do_no_harm(harm: str) -> None:
    text = sound(drawn(GRAPH).replace("</svg>", f"{harm}</svg>"))
    assert text.startswith("<svg ")
    assert "customers" in text
    assert not re.search(r"alert|invalid|foreign|onload|<b", text)


@pytest.mark.parametrize("text", ["", "<svg", "<html/>", "&nbsp;", "plain"])
def test_what_is_no_drawing_is_left_out(text: str) -> None:
    assert sound(text) == ""
    page = render(msgspec.structs.replace(FEW, details=FEW.details | {"erd_svg": text}), "html")
    assert "<svg" not in page
    assert "as Mermaid" in page


_COUNT = """
<script>
const rows = () => [...document.querySelectorAll('.revision')].filter(one => one.getClientRects().length).length;
const seen = {all: rows(), wide: document.documentElement.scrollWidth > innerWidth ? 1 : 0};
for (const one of document.querySelectorAll('.filters input')) { one.click(); seen[one.id] = rows(); }
seen.squares = document.querySelectorAll('.squares a').length;
const svg = document.querySelector('svg.erd');
seen.svg = svg ? svg.getBoundingClientRect().height : 0;
seen.back = getComputedStyle(document.body).backgroundColor;
document.body.dataset.seen = JSON.stringify(seen);
</script>
"""


def looked_at(text: str, place: Path, *options: str) -> dict[str, object]:
    """What a browser makes of the page. The test's own script is let in; the page has none."""
    page = place / "page.html"
    page.write_text(re.sub(r"<meta http-equiv[^>]*>", "", text).replace("</body>", f"{_COUNT}</body>"), "utf-8")
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={place / 'profile'}"]
    ran = subprocess.run(
        [*command, *options, "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=60, check=True
    )
    found = re.search(r'data-seen="([^"]*)"', ran.stdout)
    assert found, ran.stdout[-500:]
    seen = msgspec.json.decode(found[1].replace("&quot;", '"'))
    assert isinstance(seen, dict)
    return seen


@in_a_browser
@pytest.mark.parametrize("name", OUTCOMES)
def test_filters_show_what_they_say(name: str, tmp_path: Path) -> None:
    text = render(OUTCOMES[name], "html")
    seen = looked_at(text, tmp_path, "--window-size=1200,900")
    labels = {one: int(count) for one, count in re.findall(r'for="([^"]*)">[^<]*<b>(\d+)</b>', text)}
    assert seen["all"] == seen["squares"] == len(OUTCOMES[name].details["revisions"])
    assert {one: seen[one] for one in labels} == labels
    assert seen["wide"] == 0
    if name != "clean":
        assert {"show-failed", "show-warned", "show-fine"} <= set(labels)


@in_a_browser
def test_it_fits_a_telephone_and_follows_the_readers_colours(tmp_path: Path) -> None:
    text = render(FEW, "html")
    for number, (options, back) in enumerate(
        ((("--window-size=500,900",), "rgb(255, 255, 255)"), (("--force-dark-mode",), "rgb(13, 17, 23)"))
    ):
        place = tmp_path / str(number)
        place.mkdir()
        seen = looked_at(text, place, *options)
        assert seen["wide"] == 0
        assert seen["back"] == back
        assert isinstance(seen["svg"], int | float)
        assert seen["svg"] > 60


def test_a_password_in_a_drawing_is_no_reason_to_break_it() -> None:
    assert "password" in render(FEW, "html").split("<svg")[1].split("</svg>")[0]


def test_nothing_of_it_changes_from_run_to_run() -> None:
    outcome: Outcome = history(30)
    assert render(outcome, "html") == render(history(30), "html")
