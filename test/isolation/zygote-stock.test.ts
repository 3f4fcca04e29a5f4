import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ENGINE, ZygoteStock } from '../../src/isolation/zygote-stock.ts';
import { until } from '../harness/until.ts';

const test = suite('stock of zygotes');
const LIMITS = { memoryBytes: 1, tmpBytes: 1, cpuMillicores: 1, processesMax: 1 };

interface Engine {
	readonly id: number;
	readonly exited: Promise<void>;
	/** It ends while it waits. */
	readonly kill: () => void;
}

/** Engines without processes. */
class Bed {
	/** Whether engines stay. */
	stays = true;
	readonly made: Engine[] = [];
	readonly reported: string[] = [];
	readonly stock = new ZygoteStock<Engine>({
		counts: { least: 2, most: 4, rush: 8 },
		named: ENGINE,
		refillDelayMs: 1,
		make: () => this.#make(),
		discard: () => {},
		report: (message) => this.reported.push(message),
	});

	#make(): Promise<Engine> {
		const { promise: exited, resolve: kill } = Promise.withResolvers<void>();
		const engine = { id: this.made.length + 1, exited, kill };
		this.made.push(engine);
		return this.stays ? Promise.resolve(engine) : Promise.reject(new Error('ended'));
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
		await until('they wait', () => (bed.made.length >= zygotes ? true : null));
		await new Promise(setImmediate);
		assert.is(bed.made.length, zygotes);
		const taken = Array.from({ length: zygotes }, () => bed.stock.take(LIMITS)?.id);
		assert.equal(
			taken,
			bed.made.map(({ id }) => id),
		);
		assert.is(bed.stock.take(LIMITS), null);
		bed.stock.close();
	});
}

test('Z-1: eight wait after a rush that found none', async () => {
	const bed = new Bed();
	bed.stock.refill();
	await until('two wait', () => (bed.made.length >= 2 ? true : null));
	for (let count = 0; count < 3; count += 1) bed.stock.take(LIMITS);
	await until('eight more do', () => (bed.made.length >= 10 ? true : null));
	await new Promise(setImmediate);
	assert.is(bed.made.length, 10);
	bed.stock.close();
});

test('Z-2: a zygote that ends while it waits is replaced, and is given to nobody', async () => {
	const bed = new Bed();
	bed.stock.refill();
	await until('two wait', () => (bed.made.length >= 2 ? true : null));
	bed.made[0]?.kill();
	await until('a third waits', () => (bed.made.length >= 3 ? true : null));
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
	await until('one stays', () => (bed.made.length > given ? true : null));
	await new Promise(setImmediate);
	assert.is(bed.stock.take(LIMITS)?.id, given + 1);
	bed.stock.close();
});

test.run();
