"""The style of the gate's page, after that of all reports: the timeline, the filters, the diagram."""

__all__ = ["STYLE"]

_STATES = ("failed", "warned", "skipped", "fine")

STYLE = """\
.s-all { --tone: var(--blue); } .s-failed { --tone: var(--red); } .s-warned { --tone: var(--yellow); }
.s-skipped { --tone: var(--quiet); } .s-fine { --tone: var(--green); }
.filters { border: 0; padding: 0; margin: 1rem 0 0; display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }
.filters legend { float: left; color: var(--quiet); padding: 0; margin-right: .5rem; }
.filters input { position: absolute; opacity: 0; }
.filters label { border: 1px solid var(--line); border-radius: 999px; padding: .1rem .75rem; cursor: pointer;
  color: var(--tone); }
.filters input:checked + label { background: var(--panel); border-color: var(--tone);
  box-shadow: inset 0 0 0 1px var(--tone); }
.filters input:focus-visible + label { outline: 2px solid var(--blue); outline-offset: 2px; }
.glance { display: grid; grid-template-columns: max-content 1fr; gap: .35rem .9rem; align-items: start; }
.glance .domain { color: var(--quiet); }
.squares { display: flex; flex-wrap: wrap; gap: 3px; padding-top: .25rem; }
.squares a { width: 14px; height: 14px; border-radius: 3px; background: var(--tone); color: var(--back);
  font: bold 11px/14px ui-monospace, monospace; text-align: center; text-decoration: none; }
.squares .s-fine { opacity: .45; } .squares .s-skipped { background: none; color: var(--tone);
  box-shadow: inset 0 0 0 1px var(--tone); }
.squares a:hover, .squares a:focus-visible { outline: 2px solid var(--blue); opacity: 1; }
.timeline { list-style: none; margin: 0; padding: 0; }
.revision { position: relative; padding-left: calc(var(--lanes) * 16px + 12px); scroll-margin-top: 1rem;
  background: repeating-linear-gradient(to right, transparent 0 7px, var(--line) 7px 8px, transparent 8px 16px)
  0 0 / calc(var(--lanes) * 16px) 100% no-repeat; }
.revision::before { content: ""; box-sizing: border-box; position: absolute; top: .5rem;
  left: calc(var(--lane) * 16px + 2px); width: 11px; height: 11px; border-radius: 50%; background: var(--tone);
  box-shadow: 0 0 0 2px var(--back); }
.revision.s-failed::before { border-radius: 2px; transform: rotate(45deg); }
.revision.s-skipped::before { background: var(--back); border: 2px solid var(--tone); }
.revision:target { background-color: var(--panel); }
.revision details { margin: 0; border: 0; } .revision summary { background: none; padding: .15rem 0; }
.revision .row { padding: .15rem 0; }
.revision .row, .revision summary { display: flex; flex-wrap: wrap; gap: 0 .9rem; align-items: baseline; }
.revision summary::after { content: "+"; color: var(--quiet); } .revision [open] > summary::after { content: "\\2212"; }
.revision .status { color: var(--tone); min-width: 4.6rem; font-weight: 600; }
.revision .mark { min-width: 4.6rem; }
.revision.s-fine .status { font-weight: normal; }
.item, .revision .id, dl { overflow-wrap: anywhere; } .revision ul { margin: 0; padding-left: 2rem; }
.revision .item { border-left: 2px solid var(--line); border-top: 0; margin-left: .25rem; }
.locks { width: 100%; } .locks tr + tr { border-top: 1px solid var(--line); }
.locks td:nth-child(3) { font-variant-numeric: tabular-nums; }
.locks code { overflow-wrap: anywhere; } .locks th, .locks td { padding: .3rem .75rem; }
h3 + .scroll { margin-bottom: 1rem; }
meter { display: block; margin: .25rem 0 1rem; width: 14rem; max-width: 100%; }
.erd { max-width: none; display: block; } .erd text { white-space: pre; }
.erd g { color: var(--text); }
.erd .box { fill: var(--back); stroke: var(--quiet); } .erd g.edge { color: var(--quiet); }
.erd .new > .box, .erd .changed > .box, .erd .dropped > .box { stroke-width: 2; }
.erd .new > .box { stroke: var(--green); } .erd .changed > .box { stroke: var(--yellow); }
.erd .dropped > .box { stroke: var(--red); }
.erd text.new, .erd .new > .title { fill: var(--green); }
.erd text.changed, .erd .changed > .title { fill: var(--yellow); }
.erd text.dropped, .erd .dropped > .title { fill: var(--red); }
@media print { .filters, .revision summary::after { display: none; } }
@media (max-width: 40rem) { .glance { grid-template-columns: 1fr; } .locks th, .locks td { padding: .2rem .4rem; } }
""" + "".join(
    f"body:has(#show-{state}:checked) .revision:not(.s-{state}) {{ display: none; }}\n"
    f"body:has(#show-{state}:checked) .squares a:not(.s-{state}) {{ opacity: .12; }}\n"
    for state in _STATES
)
"""No font, picture or script from elsewhere."""
