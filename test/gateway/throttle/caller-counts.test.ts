import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CallerCounts } from '../../../src/gateway/throttle/caller-counts.ts';

const test = suite('CallerCounts');
const OWN = 10_000;

/** With so many callers that have used up their own counts. */
function crowded(): CallerCounts {
	const counts = new CallerCounts(1);
	for (let n = 0; n < OWN; n++) counts.add(`early ${n}`);
	return counts;
}

test('G-56: callers beyond the first are counted too, and hardly ever for one another', () => {
	const counts = crowded();
	for (let n = 0; n < 100; n++) for (let call = 0; call < 50; call++) counts.add(`late ${n}`);
	for (let n = 0; n < 100; n++) assert.ok(counts.of(`late ${n}`) >= 50);
	const strangers = Array.from({ length: 1000 }, (_, n) => counts.of(`stranger ${n}`));
	assert.ok(strangers.filter((count) => count > 0).length < 10);
});

test('G-56: nobody is counted too few calls, however many callers there are', () => {
	const counts = crowded();
	const calls = new Map<string, number>();
	for (let n = 0; n < 100_000; n++) {
		const key = `caller ${(n * 7919) % 30_000}`;
		calls.set(key, (calls.get(key) ?? 0) + 1);
		counts.add(key);
	}
	for (const [key, made] of calls) assert.ok(counts.of(key) >= made);
	counts.clear();
	assert.is(counts.of('caller 1'), 0);
});

test('G-56: which callers share counts is another matter in each process', () => {
	const sharing = (seed: number) => {
		const counts = new CallerCounts(seed);
		for (let n = 0; n < OWN; n++) counts.add(`early ${n}`);
		for (let n = 0; n < 2000; n++) counts.add(`late ${n}`);
		return Array.from({ length: 2000 }, (_, n) => counts.of(`stranger ${n}`)).join('');
	};
	assert.is(sharing(1), sharing(1));
	assert.is.not(sharing(1), sharing(2));
});

test.run();
