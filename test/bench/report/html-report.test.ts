import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BenchRecord } from '../../../src/bench/bench-record.ts';
import { compareRecords } from '../../../src/bench/compare-records.ts';
import { htmlReport } from '../../../src/bench/report/html-report.ts';
import { aRecord } from '../a-record.ts';
import { openElements } from '../open-elements.ts';

const ALLOWED = 0.05;
const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>&amp;\u0000\u202e\ud800';

const test = suite('html-report');

function alone(record: BenchRecord): string {
	return htmlReport({ record, before: null, comparisons: [], allowedShare: ALLOWED });
}

function compared(before: BenchRecord, record: BenchRecord): string {
	const comparisons = compareRecords(before, record, ALLOWED);
	return htmlReport({ record, before, comparisons, allowedShare: ALLOWED });
}

function figureIds(html: string): string[] {
	return [...html.matchAll(/<figure id="([^"]+)"/g)].map(([, id = '']) => id);
}

/** A record whose every text is one that tries to break out. */
function hostileRecord(): BenchRecord {
	const record = aRecord();
	return {
		...record,
		subject: HOSTILE,
		command: HOSTILE,
		startedAt: HOSTILE,
		machine: { ...record.machine, cpu: HOSTILE, kernel: HOSTILE },
		measures: record.measures.map((measure) => ({
			...measure,
			id: `${measure.id}${measure.id.startsWith('memory/') ? HOSTILE : ''}`,
			title: HOSTILE,
		})),
		histograms: record.histograms.map((histogram) => ({ ...histogram, title: HOSTILE })),
		skipped: [{ id: HOSTILE, why: HOSTILE }],
	};
}

test('B-65: a report loads nothing, runs no script, and tells all that the record holds', () => {
	const record = aRecord();
	const html = alone(record);
	assert.is(openElements(html), '');
	assert.match(html, /<html lang="en">/);
	assert.match(html, /<meta name="viewport" content="width=device-width/);
	assert.match(html, /content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/);
	assert.match(html, /<title>Benchmark of httpfn 0\.1\.0 \(bun/);
	assert.not.match(html, /<script|<img|<iframe|<object|@import|url\(|https?:/);
	for (const { id } of record.measures) assert.ok(html.includes(`<small>${id}`), id);
	assert.ok(html.includes(record.command));
	assert.ok(html.includes('the kernel refuses user namespaces'));
	const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
	assert.is(new Set(ids).size, ids.length);
});

test('B-65: a report of two runs begins with the outcome and tells each change', () => {
	const before = aRecord();
	const html = compared(before, aRecord({ 'cold/namespace/bootstrap': 1.2 }));
	assert.is(openElements(html), '');
	const outcome = /<p class="outcome worse">([^<]+)</.exec(html)?.[1] ?? '';
	assert.match(outcome, /^1 of \d+ measures regressed by more than 5%: “Cold start, namespace, bootstrap”/);
	assert.ok(html.indexOf('class="outcome') < html.indexOf('<figure'));
	assert.match(html, /<h2 id="changes">/);
	assert.is(html.match(/class="verdict worse"/g)?.length, 1);
	assert.match(html, /<rect [^>]*class="allowed"\/>/);
	assert.not.match(alone(before), /class="outcome|<h2 id="changes">/);
});

test('B-66: no text of a record becomes an element or an attribute', () => {
	const before = hostileRecord();
	for (const html of [alone(before), compared(before, hostileRecord())]) {
		assert.is(openElements(html), '');
		assert.not.match(html, /<script|<img|[\u0000\u202e\ud800]/u);
		assert.ok(html.includes('&lt;script&gt;alert(1)'));
		assert.ok(html.includes('&amp;amp;'));
	}
});

test('B-67: a plot is there for what was measured and for nothing else', () => {
	const record = aRecord();
	const all = ['cold-start', 'cpu-kept', 'cpu-new', 'latency-1', 'growth-1', 'memory', 'code', 'code-2'];
	assert.equal(figureIds(alone(record)), all);
	for (const [start, figures] of Object.entries({
		'cold/': ['cold-start'],
		'warm/plain/0/kept/': ['cpu-kept'],
		'growth/triggers/': ['growth-1'],
		'memory/': ['memory'],
		'code/base64/': ['code'],
	})) {
		const measures = record.measures.filter(({ id }) => id.startsWith(start));
		assert.equal(figureIds(alone({ ...record, measures, histograms: [] })), figures, start);
	}
	const empty = alone({ ...record, measures: [], histograms: [], skipped: [] });
	assert.not.match(empty, /<figure|<section|NaN|Infinity|undefined/);
	assert.is(openElements(empty), '');
});

test('B-67: what was before is drawn beside a run of the same machine, and only ratios of another one', () => {
	const before = aRecord();
	const after = aRecord({ 'warm/': 1.3 });
	const same = compared(before, after);
	assert.match(same, /class="line dashed c1"/);
	assert.match(same, /class="bar before"/);
	const elsewhere = { ...before, machine: { ...before.machine, fingerprint: 'other' } };
	const other = compared(elsewhere, after);
	assert.match(other, /Another machine/);
	assert.not.match(other, /class="line dashed|class="bar before"|class="bar c1 former"/);
	assert.match(other, /<figure id="change-1">/);
});

test('B-67: figures that are missing, below zero or far apart leave a plot whole', () => {
	const record = aRecord();
	const odd = [[], [Number.NaN], [-5, -4, -6], [0], [1e-9], [1e300]];
	const measures = record.measures.map((measure, index) => ({
		...measure,
		rounds: odd[index % odd.length] ?? [],
	}));
	const html = compared(record, { ...record, measures });
	assert.is(openElements(html), '');
	assert.not.match(html, /="[^"]*(NaN|Infinity|undefined)/);
});

test.run();
