import { fstatSync, openSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SocketStock } from '../../src/isolation/socket-stock.ts';
import { until } from '../harness/until.ts';

const test = suite('SocketStock');
const REFUSED = new Error('the instance has ended');

/** Descriptors that stand for sockets; they come when they are let. */
class Opener {
	readonly counts: number[] = [];
	readonly opened: number[] = [];
	#held: (() => void)[] = [];
	hold = false;
	/** Fewer than were asked for; null: it fails. */
	most: number | null = Number.POSITIVE_INFINITY;

	readonly open = async (count: number): Promise<readonly number[]> => {
		this.counts.push(count);
		if (this.hold) await new Promise<void>((resolve) => this.#held.push(resolve));
		if (this.most === null) throw REFUSED;
		const sockets = Array.from({ length: Math.min(count, this.most) }, () => openSync('/dev/null', 'r'));
		this.opened.push(...sockets);
		return sockets;
	};

	let(): void {
		this.hold = false;
		for (const resolve of this.#held.splice(0)) resolve();
	}

	get openCount(): number {
		return this.opened.filter(isOpen).length;
	}
}

function isOpen(descriptor: number): boolean {
	try {
		fstatSync(descriptor);
		return true;
	} catch {
		return false;
	}
}

/** What was asked for has come. */
function settled(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}

test('I-125: where one is needed, one is opened', async () => {
	const opener = new Opener();
	const stock = new SocketStock(opener.open);
	assert.is(await stock.take(), opener.opened[0]);
	await settled();
	assert.equal(opener.counts, [1]);
	stock.close();
});

test('I-125: where more are needed soon after, twice as many are opened each time, up to 32, and nobody gets another’s', async () => {
	const opener = new Opener();
	const stock = new SocketStock(opener.open);
	const taken: number[] = [];
	for (let count = 0; count < 200; count++) {
		taken.push(await stock.take());
		await settled();
	}
	assert.is(new Set(taken).size, taken.length);
	assert.equal(opener.counts.slice(0, 6), [1, 2, 4, 8, 16, 32]);
	assert.ok(opener.counts.every((count) => count <= 32));
	// Some are there before they are needed: the stock answers at once.
	assert.type(stock.take(), 'number');
	stock.close();
});

test('I-125: those who wait at the same time are not each asked for with a stock of their own', async () => {
	const opener = new Opener();
	opener.hold = true;
	const stock = new SocketStock(opener.open);
	const taken = Promise.all(Array.from({ length: 18 }, () => stock.take()));
	assert.equal(opener.counts, [1, 2, 4, 8, 16]);
	opener.let();
	assert.is(new Set(await taken).size, 18);
	stock.close();
});

test('I-125: where fewer come than were asked for, those who still wait are asked for again', async () => {
	const opener = new Opener();
	opener.most = 1;
	const stock = new SocketStock(opener.open);
	const taken = await Promise.all(Array.from({ length: 5 }, () => stock.take()));
	assert.is(new Set(taken).size, 5);
	stock.close();
});

test('I-125: who waits is told why none can be opened, and who comes later gets one when there are some again', async () => {
	const opener = new Opener();
	opener.most = null;
	const stock = new SocketStock(opener.open);
	const refusals = await Promise.allSettled([stock.take(), stock.take(), stock.take()]);
	for (const refusal of refusals) assert.equal(refusal, { status: 'rejected', reason: REFUSED });
	opener.most = 1;
	assert.is(await stock.take(), opener.opened[0]);
	stock.close();
});

test('I-125: what nobody has wanted for a second is closed, and what was taken is not', async () => {
	const alive = setInterval(() => {}, 1000);
	const opener = new Opener();
	const stock = new SocketStock(opener.open);
	const taken: number[] = [];
	for (let count = 0; count < 4; count++) {
		taken.push(await stock.take());
		await settled();
	}
	assert.ok(opener.openCount > 4);
	await until('the others are closed', () => (opener.openCount === 4 ? true : null));
	assert.ok(taken.every(isOpen));
	clearInterval(alive);
	stock.close();
});

test('I-125: an instance that has ended leaves none open, not even those that are still to come', async () => {
	const opener = new Opener();
	const stock = new SocketStock(opener.open);
	const taken = [await stock.take(), await stock.take()];
	opener.hold = true;
	taken.push(await stock.take());
	stock.close();
	stock.close();
	opener.let();
	await until('the last ones have come', () => (opener.opened.length > taken.length ? true : null));
	await until('they are closed', () => (opener.openCount === taken.length ? true : null));
	assert.ok(taken.every(isOpen));
});

test.run();
