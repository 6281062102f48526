"""The style of the HTML report: light and dark as the reader's system has it, and fit to be printed."""

__all__ = ["STYLE"]

STYLE = """\
:root { color-scheme: light dark; --back: #fff; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --panel: #f6f8fa;
  --gone: #ffebe9; --gone-mark: #ffc1bc; --come: #dafbe1; --come-mark: #aceebb; --red: #b3261e; --green: #116329;
  --yellow: #7d4e00; --blue: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --text: #e6edf3; --quiet: #9198a1; --line: #3d444d;
  --panel: #151b23; --gone: #3a1d1f; --gone-mark: #792e2e; --come: #12301c; --come-mark: #1f6a35; --red: #ff8a80;
  --green: #56d364; --yellow: #e3b341; --blue: #79c0ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 1.5rem; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; }
h2, h3 { overflow-wrap: anywhere; } h3 { font-size: 1rem; display: inline; }
a { color: var(--blue); } p { margin: .25rem 0; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
.quiet, .count { color: var(--quiet); font-weight: normal; }
.failed, .missing, .error { color: var(--red); } .ok, .unexpected { color: var(--green); }
.changed, .warning { color: var(--yellow); } .note { color: var(--blue); }
.mark { display: inline-block; min-width: 8.5rem; font-weight: 600; white-space: pre; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; }
th { text-align: left; font-weight: 600; color: var(--quiet); }
th, td { padding: .2rem .75rem .2rem 0; vertical-align: top; }
.counts td + td, .counts th + th { text-align: right; min-width: 6rem; }
.counts tr + tr { border-top: 1px solid var(--line); }
.counts a, .name { overflow-wrap: anywhere; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .75rem 0; }
summary { background: var(--panel); border-radius: 6px; padding: .5rem .75rem; cursor: pointer; }
.item { border-top: 1px solid var(--line); padding: .5rem .75rem; }
.item > .name { font-weight: 600; } .item p { overflow-wrap: anywhere; white-space: pre-wrap; }
.sides { table-layout: fixed; width: 100%; }
.sides th { padding: .1rem .5rem; } .sides th.property { width: 8.5rem; padding-left: 0; overflow-wrap: anywhere; }
.sides td { border: 1px solid var(--line); padding: .1rem .5rem; white-space: pre-wrap; overflow-wrap: anywhere;
  font: 13px/1.45 ui-monospace, monospace; }
.sides td.gone { background: var(--gone); } .sides td.come { background: var(--come); }
.sides td.gone mark { background: var(--gone-mark); color: inherit; }
.sides td.come mark { background: var(--come-mark); color: inherit; }
.sides td.absent { color: var(--quiet); font-style: italic; }
.sides td.skipped { color: var(--quiet); font-family: inherit; text-align: center; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0;
  padding: .4rem .6rem; white-space: pre-wrap; overflow-wrap: anywhere; }
dt { font-weight: 600; overflow-wrap: anywhere; } dd { margin: 0 0 .75rem; }
@media print { body { max-width: none; padding: 0; font-size: 11px; } code, pre, .sides td { font-size: 10px; }
  details { break-inside: auto; }
  .item, tr { break-inside: avoid; } * { print-color-adjust: exact; } }
@media (max-width: 40rem) { body { padding: .75rem; } .sides th.property { width: 5.5rem; }
  .counts td + td, .counts th + th { min-width: 0; } }
"""
"""No font, picture or script from elsewhere."""
