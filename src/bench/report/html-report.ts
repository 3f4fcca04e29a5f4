/**
 * A record as one HTML file that needs nothing else: no script, no request, readable on a phone, on paper, in dark mode and
 * without seeing the plots. Every text of a record is escaped: a record may come from elsewhere.
 */
import type { BenchRecord, Comparison } from '../bench-record.ts';
import { type Changed, changePlot } from './change-plot.ts';
import { changeTable } from './change-table.ts';
import { escapeHtml } from './escape-html.ts';
import { growthFigures, latencyFigures } from './line-figures.ts';
import { measureTable } from './measure-table.ts';
import { plotFigure } from './plot-figure.ts';
import { codeFigures, coldStartFigures, cpuFigures, memoryFigures } from './record-plots.ts';
import { REPORT_STYLE } from './style.ts';
import { type Summaries, summariesOf } from './summaries.ts';
import { verdictSentence } from './verdict-sentence.ts';
import { VERDICT_ORDER } from './verdict-words.ts';

export interface ReportInput {
	readonly record: BenchRecord;
	readonly before: BenchRecord | null;
	/** Of `before` and `record`; empty without `before`. */
	readonly comparisons: readonly Comparison[];
	/** By how much a measure may get worse: 0.05. */
	readonly allowedShare: number;
}

/** Only styles of its own: whatever a text would get a browser to load is refused. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
/** More would make a plot longer than a screen. */
const CHANGES_A_PLOT = 12;
const NO_SUMMARIES: Summaries = new Map();

export function htmlReport({ record, before, comparisons, allowedShare }: ReportInput): string {
	const after = summariesOf(record);
	const former = before === null ? NO_SUMMARIES : summariesOf(before);
	const comparable = before !== null && before.machine.fingerprint === record.machine.fingerprint;
	const sorted = VERDICT_ORDER.flatMap((verdict) => comparisons.filter((one) => one.verdict === verdict));
	const runs = { after, before: comparable ? former : NO_SUMMARIES };
	const plots = [
		...changeFigures(sorted, allowedShare),
		...coldStartFigures(runs),
		...cpuFigures(runs),
		...latencyFigures(record.histograms, comparable ? before.histograms : []),
		...growthFigures(runs),
		...memoryFigures(runs),
		...codeFigures(runs),
	];
	const title = `Benchmark of ${record.subject}`;
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>
${REPORT_STYLE}
</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
${outcome(comparisons, allowedShare)}
${circumstances(record, before)}
</header>
<main>
${[
	section('plots', 'Plots', plots.length === 0 ? '' : `<div class="plots">\n${plots.join('\n')}\n</div>`),
	section('changes', 'Before and now', sorted.length === 0 ? '' : changeTable(sorted, former, after)),
	section('measures', 'Measures', record.measures.length === 0 ? '' : measureTable(after)),
	section('skipped', 'Not measured', skipped(record)),
]
	.filter((part) => part !== '')
	.join('\n')}
</main>
<footer><p>Intervals hold 99% of the medians of resampled rounds. Format ${escapeHtml(record.format)}.</p></footer>
</body>
</html>
`;
}

function outcome(comparisons: readonly Comparison[], allowedShare: number): string {
	if (comparisons.length === 0) return '';
	const has = (verdict: Comparison['verdict']): boolean => comparisons.some((one) => one.verdict === verdict);
	const kind = has('regressed') ? 'worse' : has('cannot tell') ? 'unsure' : 'better';
	return `<p class="outcome ${kind}">${escapeHtml(verdictSentence(comparisons, allowedShare))}</p>`;
}

function circumstances(record: BenchRecord, before: BenchRecord | null): string {
	const rows: [name: string, html: string][] = [
		['Started', timeHtml(record.startedAt)],
		['Command', `<code>${escapeHtml(record.command)}</code>`],
		['Machine', escapeHtml(machineText(record.machine))],
	];
	if (before !== null) {
		rows.push(['Compared with', `${escapeHtml(before.subject)}, ${timeHtml(before.startedAt)}`]);
		if (before.machine.fingerprint !== record.machine.fingerprint) {
			const text = `${machineText(before.machine)}. Another machine: only ratios to the reference are compared, and plots show this run alone.`;
			rows.push(['Its machine', escapeHtml(text)]);
		}
	}
	return `<dl>\n${rows.map(([name, html]) => `<dt>${name}</dt><dd>${html}</dd>`).join('\n')}\n</dl>`;
}

function timeHtml(text: string): string {
	return `<time datetime="${escapeHtml(text)}">${escapeHtml(text)}</time>`;
}

function machineText({ cores, cpu, kernel, memoryMiB, loadAverage }: BenchRecord['machine']): string {
	const memory = `${(memoryMiB / 1024).toFixed(1)} GiB of memory`;
	return `${cores} × ${cpu}, ${memory}, Linux ${kernel}, load ${loadAverage.toFixed(2)} before the run`;
}

function changeFigures(sorted: readonly Comparison[], allowedShare: number): string[] {
	const changed = sorted.filter((one): one is Changed => isDrawn(one.change));
	const count = Math.ceil(changed.length / CHANGES_A_PLOT);
	return Array.from({ length: count }, (_, index) => {
		const part = changed.slice(index * CHANGES_A_PLOT, (index + 1) * CHANGES_A_PLOT);
		const title = count === 1 ? 'Change against before' : `Change against before, ${index + 1} of ${count}`;
		const caption =
			'Median with its 99% interval; what is allowed is shaded. ▲ regressed, ▼ improved, ○ cannot be told.';
		return plotFigure(`change-${index + 1}`, title, caption, changePlot(part, allowedShare));
	});
}

function isDrawn(change: Comparison['change']): boolean {
	return change !== null && [change.low, change.estimate, change.high].every(Number.isFinite);
}

function skipped({ skipped: all }: BenchRecord): string {
	if (all.length === 0) return '';
	const rows = all.map(({ id, why }) => `<li><code>${escapeHtml(id)}</code>: ${escapeHtml(why)}</li>`);
	return `<ul>\n${rows.join('\n')}\n</ul>`;
}

function section(id: string, title: string, html: string): string {
	return html === ''
		? ''
		: `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${html}\n</section>`;
}
