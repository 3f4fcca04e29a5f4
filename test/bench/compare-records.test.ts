/** When a run got worse than the one before it: on rounds that were measured, and on ones made for the case. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BenchRecord, Measure } from '../../src/bench/bench-record.ts';
import { compareRecords } from '../../src/bench/compare-records.ts';

const ALLOWED = 0.05;
/** What `npm run bench -- planted --json` found: 31 rounds of each run, on a machine of two cores. */
const RECORDED = JSON.parse(
	readFileSync(join(import.meta.dirname, '../fixtures/bench/planted.json'), 'utf8'),
) as { baseline: Measure; runs: Array<{ source: 'planted' | 'unchanged'; measure: Measure }> };

const STEADY: Measure = {
	...{ id: 'm', title: 'a measure', unit: 'µs', better: 'less' },
	rounds: [100, 101, 99, 100, 102, 98, 100],
	reference: [50, 50.5, 49.5, 50, 51, 49, 50],
};

const test = suite('bench/compare-records');

function recordOf(measures: readonly Measure[], fingerprint = 'this machine'): BenchRecord {
	const machine = { cores: 2, cpu: 'a', kernel: 'b', memoryMiB: 1, loadAverage: 0, fingerprint };
	const about = { subject: 's', command: 'c', startedAt: '2026-01-01T00:00:00Z', machine };
	return { format: 'httpfn-bench/1', ...about, measures: [...measures], histograms: [], skipped: [] };
}

function verdict(before: Measure, after: Measure, fingerprint?: string): string {
	const [comparison] = compareRecords(recordOf([before]), recordOf([after], fingerprint), ALLOWED);
	return comparison?.verdict ?? 'none';
}

function times(measure: Measure, factor: number): Measure {
	return { ...measure, rounds: measure.rounds.map((value) => value * factor) };
}

test('B-71: a head parser that is 10% slower is caught three times out of three, and the same one never flagged in ten runs', () => {
	const { baseline, runs } = RECORDED;
	const of = (source: string) => runs.filter((run) => run.source === source);
	assert.equal(
		of('planted').map(({ measure }) => verdict(baseline, measure)),
		['regressed', 'regressed', 'regressed'],
	);
	const unchanged = of('unchanged').map(({ measure }) => verdict(baseline, measure));
	assert.is(unchanged.length, 10);
	assert.equal(
		unchanged.filter((found) => found !== 'same' && found !== 'cannot tell'),
		[],
	);
});

test('B-71: what got worse has regressed, what got better improved, and the direction of a measure counts', () => {
	assert.is(verdict(STEADY, STEADY), 'same');
	assert.is(verdict(STEADY, times(STEADY, 1.2)), 'regressed');
	assert.is(verdict(STEADY, times(STEADY, 0.8)), 'improved');
	const rate: Measure = { ...STEADY, unit: 'requests/s', better: 'more' };
	assert.is(verdict(rate, times(rate, 0.8)), 'regressed');
	assert.is(verdict(rate, times(rate, 1.2)), 'improved');
});

test('B-72: where the noise is larger than what is allowed, it says that it cannot tell', () => {
	const noisy: Measure = { ...STEADY, rounds: [60, 140, 100, 80, 120, 90, 110], reference: [] };
	const [comparison] = compareRecords(recordOf([noisy]), recordOf([times(noisy, 1.08)]), ALLOWED);
	assert.is(comparison?.verdict, 'cannot tell');
	assert.match(comparison?.why ?? '', 'noise');
	const short: Measure = { ...STEADY, rounds: [100, 100], reference: [50, 50] };
	assert.is(verdict(short, times(short, 2)), 'cannot tell');
});

test('B-73: a machine that is half as fast changes nothing where there is a reference, and without one another machine tells nothing', () => {
	const slower: Measure = {
		...times(STEADY, 2),
		reference: STEADY.reference.map((value) => value * 2),
	};
	assert.is(verdict(STEADY, slower, 'another machine'), 'same');
	assert.is(verdict(STEADY, times(slower, 1.2), 'another machine'), 'regressed');
	const bare: Measure = { ...STEADY, reference: [] };
	assert.is(verdict(bare, times(bare, 2), 'another machine'), 'cannot tell');
	assert.is(verdict(bare, times(bare, 2)), 'regressed');
	const memory: Measure = { ...bare, unit: 'KiB' };
	assert.is(verdict(memory, times(memory, 2), 'another machine'), 'regressed');
});

test('B-74: what only one of two runs has measured is named as new or gone', () => {
	const other: Measure = { ...STEADY, id: 'n' };
	const comparisons = compareRecords(recordOf([STEADY]), recordOf([other]), ALLOWED);
	assert.equal(
		comparisons.map(({ id, verdict: found }) => [id, found]),
		[
			['n', 'new'],
			['m', 'gone'],
		],
	);
});

test.run();
