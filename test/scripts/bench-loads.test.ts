/** What a load generator counts, from connections whose answers take a known time. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { busyShare, latencyOf } from '../../bench/load-counts.ts';
import { loadProblems } from '../../bench/load-problems.ts';

const CONNECTIONS = 64;
const SECONDS = 1;
const MEAN_MS = 150;

const test = suite('bench loads');

test('B-92: answers that differ in length are no connections that hang, however few there are; some that never come are', () => {
	const draw = exponential();
	for (const [hanging, wanted] of [
		[0, []],
		[CONNECTIONS / 4, [/^here: connections hang: /]],
	] as const) {
		const answersMs = Array.from({ length: CONNECTIONS - hanging }, () => answersWithin(draw)).flat();
		const problems = loadProblems('here', loadOf(answersMs));
		assert.is(problems.length, wanted.length, problems.join());
		for (const [index, pattern] of wanted.entries()) assert.match(problems[index] ?? '', pattern);
	}
});

test('B-92: a load without any answer is told as such', () => {
	const problems = loadProblems('here', loadOf([]));
	assert.equal(problems, [
		'here: no request was answered',
		'here: connections hang: answers account for 0% of their time',
	]);
});

/** One after the other, those that are whole in time. */
function answersWithin(draw: () => number): number[] {
	const answersMs: number[] = [];
	let leftMs = SECONDS * 1000;
	for (let nextMs = draw(); nextMs <= leftMs; nextMs = draw()) {
		answersMs.push(nextMs);
		leftMs -= nextMs;
	}
	return answersMs;
}

function loadOf(answersMs: readonly number[]) {
	const counts = { requests: answersMs.length, seconds: SECONDS };
	return {
		...counts,
		busyShare: busyShare(counts, CONNECTIONS, latencyOf(answersMs)),
		...{ cpuSeconds: 1, p50Ms: 0, p99Ms: 0, peakRssKib: 1, rssKib: [1], errors: 0, bytesMissing: 0 },
	};
}

/** The same draws each time: as far apart as arrivals that know nothing of each other. */
function exponential(): () => number {
	let state = 1;
	return () => {
		state = (state * 48_271) % 2_147_483_647;
		return -MEAN_MS * Math.log(state / 2_147_483_647);
	};
}

test.run();
