import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StockedPlace } from '../../src/isolation/place-stock.ts';
import type { ThreadClient } from '../../src/isolation/thread-client.ts';
import { ZygoteStock } from '../../src/isolation/zygote-stock.ts';
import { until } from '../harness/until.ts';

const test = suite('stock of zygotes');
const LIMITS = { memoryBytes: 1, tmpBytes: 1, cpuMillicores: 1, processesMax: 1 };

/** Places without processes, in which an engine loads, or ends at once. */
class Bed {
	/** Whether engines stay. */
	stays = true;
	readonly loaded: number[] = [];
	readonly reported: string[] = [];
	readonly #exits = new Map<number, () => void>();
	readonly stock = new ZygoteStock({
		thread: {
			call: (_name: string, given: { id: number }) => this.#load(given.id),
		} as unknown as ThreadClient,
		places: {
			make: () => Promise.resolve(this.#place()),
			end: () => Promise.resolve(),
			discard: () => Promise.resolve(),
		},
		script: 'load',
		report: (message) => this.reported.push(message),
	});

	/** It ends while it waits. */
	kill(id: number): void {
		this.#exits.get(id)?.();
	}

	#place(): StockedPlace {
		const id = this.#exits.size + 1;
		const exited = new Promise<{ code: null; signal: string }>((resolve) => {
			this.#exits.set(id, () => resolve({ code: null, signal: 'SIGKILL' }));
		});
		return {
			...{ id, initPid: 0, bootstrapPid: 0, stdoutFd: -1, stderrFd: -1, toldFd: -1, egress: null },
			...{ cgroup: null, limits: null, exited },
		};
	}

	#load(id: number): Promise<null> {
		this.loaded.push(id);
		return this.stays ? Promise.resolve(null) : Promise.reject(new Error('ended'));
	}
}

for (const { functions, zygotes } of [
	{ functions: 1, zygotes: 2 },
	{ functions: 3, zygotes: 3 },
	{ functions: 9, zygotes: 4 },
]) {
	test(`Z-1: for ${functions} functions ${zygotes} zygotes wait, and each is given away once`, async () => {
		const bed = new Bed();
		assert.is(bed.stock.take(LIMITS), null);
		for (let index = 0; index < 2 * functions; index += 1) bed.stock.expect(`f${index % functions}`, LIMITS);
		bed.stock.refill();
		await until('they wait', () => (bed.loaded.length >= zygotes ? true : null));
		await new Promise(setImmediate);
		assert.is(bed.loaded.length, zygotes);
		const taken = Array.from({ length: zygotes }, () => bed.stock.take(LIMITS)?.id);
		assert.equal(taken, bed.loaded);
		assert.is(bed.stock.take(LIMITS), null);
		bed.stock.close();
	});
}

test('Z-1: eight wait after a rush that found none', async () => {
	const bed = new Bed();
	bed.stock.refill();
	await until('two wait', () => (bed.loaded.length >= 2 ? true : null));
	for (let count = 0; count < 3; count += 1) bed.stock.take(LIMITS);
	await until('eight more do', () => (bed.loaded.length >= 10 ? true : null));
	await new Promise(setImmediate);
	assert.is(bed.loaded.length, 10);
	bed.stock.close();
});

test('Z-2: a zygote that ends while it waits is replaced, and is given to nobody', async () => {
	const bed = new Bed();
	bed.stock.refill();
	await until('two wait', () => (bed.loaded.length >= 2 ? true : null));
	bed.kill(1);
	await until('a third waits', () => (bed.loaded.length >= 3 ? true : null));
	assert.equal([bed.stock.take(LIMITS)?.id, bed.stock.take(LIMITS)?.id], [2, 3]);
	assert.is(bed.reported.length, 1);
	bed.stock.close();
});

test('Z-3: where none stays, five are tried, later and later, and then one a start', async () => {
	const bed = new Bed();
	bed.stays = false;
	bed.stock.refill();
	await until('five are tried', () => (bed.reported.length >= 5 ? true : null));
	const given = bed.reported.length;
	assert.match(bed.reported[4] ?? '', 'start without');
	assert.is(bed.stock.take(LIMITS), null);
	bed.stays = true;
	await until('one stays', () => (bed.loaded.length > given ? true : null));
	await new Promise(setImmediate);
	assert.is(bed.stock.take(LIMITS)?.id, given + 1);
	bed.stock.close();
});

test.run();
