/**
 * How a report looks. The colours of series are of Okabe and Ito's palette, which all kinds of colour vision tell apart, darkened
 * for light paper until each has a contrast of 3 to 1, and 4.5 to 1 where it is a text's.
 */
const LIGHT = `
	--paper: #fbfaf7; --raised: #fff; --ink: #1b1f24; --quiet: #59616b; --rule: #dcd9d1; --grid: #e5e2da; --allowed: #e4ecf3;
	--c1: #0069a8; --c2: #c24b00; --c3: #007a59; --c4: #a0437c; --c5: #7d6200; --c6: #56606b;
	--worse: #b93a00; --better: #00714f; --same: #59616b; --unsure: #8a3c86; --on-bar: #fff;`;

const DARK = `
	--paper: #14171b; --raised: #1c2026; --ink: #e9e7e2; --quiet: #a5adb7; --rule: #353b44; --grid: #2d333b; --allowed: #263543;
	--c1: #56b4e9; --c2: #ff8f45; --c3: #2fc79c; --c4: #e69ac6; --c5: #e8d84a; --c6: #aeb7c1;
	--worse: #ff9452; --better: #3bd0a5; --same: #a5adb7; --unsure: #dc9fe0; --on-bar: #101317;`;

const SERIES = [1, 2, 3, 4, 5, 6].map((n) => `.c${n} { --series: var(--c${n}); }`).join('\n');

const KINDS = ['worse', 'better', 'same', 'unsure']
	.map((kind) => `.${kind} { --kind: var(--${kind}); }`)
	.join('\n');

const PAGE = `
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
header, main, footer { max-width: 78rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.5rem; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.2; text-wrap: balance; }
h2 { margin: 2.5rem 0 0.75rem; padding-top: 0.6rem; border-top: 2px solid var(--ink); font-size: 1.15rem; line-height: 1.3; }
h3 { margin: 0; font-size: 1rem; line-height: 1.35; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 1rem 0 0; font-size: 0.875rem; }
dt { color: var(--quiet); }
dd { margin: 0; }
code { font: 0.92em ui-monospace, monospace; }
small, .note { color: var(--quiet); font-size: 0.8125rem; }
footer { padding-bottom: 2rem; margin-top: 2.5rem; color: var(--quiet); font-size: 0.8125rem; }
.outcome { margin: 1.5rem 0 0; padding: 0.9rem 1rem; background: var(--raised); border: 1px solid var(--rule); border-left: 6px solid var(--kind);
	font-size: 1.1rem; line-height: 1.4; }
.plots { columns: 21rem; column-gap: 1.5rem; }
figure { margin: 0 0 1.5rem; padding: 0.9rem 1rem; background: var(--raised); border: 1px solid var(--rule); break-inside: avoid; }
figcaption p { margin: 0.1rem 0 0.8rem; color: var(--quiet); font-size: 0.8125rem; line-height: 1.4; }
ul { padding-left: 1.2rem; }`;

const PLOTS = `
svg { display: block; width: 100%; max-width: 30rem; height: auto; margin: 0 auto; overflow: hidden; font: 12px system-ui, sans-serif; }
svg text { fill: var(--ink); }
svg .small { font-size: 10.5px; }
svg .quiet { fill: var(--quiet); }
svg .strong { font-weight: 600; }
svg .figures { font-variant-numeric: tabular-nums; }
svg .halo { paint-order: stroke; stroke: var(--raised); stroke-width: 3px; stroke-linejoin: round; }
svg .on-bar { fill: var(--on-bar); font-weight: 600; }
.bar { fill: var(--series); }
.bar.before { fill: var(--quiet); }
.bar.former { opacity: 0.6; }
.grid { stroke: var(--grid); }
.axis { stroke: var(--quiet); }
.whisker { stroke: var(--ink); stroke-width: 1.5; }
.line { fill: none; stroke: var(--series); stroke-width: 2; stroke-linejoin: round; }
.dashed { stroke-dasharray: 4 4; stroke-width: 1.5; }
.allowed { fill: var(--allowed); }
.interval { stroke: var(--kind); stroke-width: 2; }
.mark { fill: var(--kind); stroke: var(--kind); stroke-width: 2; }
.mark.unsure { fill: var(--raised); }`;

const TABLES = `
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; line-height: 1.4; }
caption { padding-bottom: 0.6rem; text-align: left; color: var(--quiet); }
th, td { padding: 0.45rem 0.75rem 0.45rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
thead th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 500; }
tbody th small, td > small { display: block; }
.figure { font-variant-numeric: tabular-nums; white-space: nowrap; }
details { max-width: 15rem; white-space: normal; }
.verdict { color: var(--kind); font-weight: 600; }
.verdict::before { display: inline-block; width: 1.2em; }
.verdict.worse::before { content: "▲"; }
.verdict.better::before { content: "▼"; }
.verdict.same::before { content: "●"; }
.verdict.unsure::before { content: "○"; }
summary { cursor: pointer; min-width: 3rem; }
@media (max-width: 44rem) {
	table, tbody { display: block; }
	thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
	caption { display: block; }
	tbody tr { display: grid; grid-template-columns: 1fr 1fr; gap: 0.35rem 1rem; padding: 0.7rem 0; border-bottom: 1px solid var(--rule); }
	tbody th, tbody td { display: block; padding: 0; border: 0; min-width: 0; }
	tbody th, .wide { grid-column: 1 / -1; }
	td::before { content: attr(data-column); display: block; color: var(--quiet); font-size: 0.75rem; }
	.figure { white-space: normal; }
	.wide::before { content: none; }
	summary { padding: 0.25rem 0; }
}`;

const NARROW = `
@media (max-width: 44rem) {
	dl { grid-template-columns: 1fr; gap: 0; }
	dd { margin-bottom: 0.4rem; }
	.plots { columns: auto; }
	figure { padding: 0.8rem 0.6rem; }
}`;

const PRINT = `
@media print {
	:root { color-scheme: light; ${LIGHT} --paper: #fff; }
	body { font-size: 10pt; }
	header, main, footer { max-width: none; padding: 0; }
	.plots { columns: 2; }
	tr, .outcome { break-inside: avoid; }
	h2 { break-after: avoid; }
	* { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}`;

export const REPORT_STYLE = `:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
${[SERIES, KINDS, PAGE, PLOTS, TABLES, NARROW, PRINT].map((part) => part.trim()).join('\n')}`;
