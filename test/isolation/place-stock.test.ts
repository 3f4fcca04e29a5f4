import { openSync, readdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Cgroups } from '../../src/isolation/cgroup.ts';
import { PlaceStock } from '../../src/isolation/place-stock.ts';
import type { ThreadClient } from '../../src/isolation/thread-client.ts';
import type { PlacePlan, ReadyPlace } from '../../src/isolation/thread-protocol.ts';
import { until } from '../harness/until.ts';

const test = suite('stock of places');
const PLAN: PlacePlan = {
	key: '',
	root: { shown: [], links: [], hidden: [], program: process.execPath, host: null },
	tools: { unshare: '', setpriv: '', bash: '' },
	limits: { descriptorsMax: 1, processesMax: 1 },
	born: {},
	privileged: true,
};
const LIMITS = { memoryBytes: 1, tmpBytes: 1, cpuMillicores: 1, processesMax: 1 };

/** Counts the places that it is asked for. */
class CountingThread {
	made = 0;

	call(): Promise<ReadyPlace> {
		this.made += 1;
		const [stdoutFd = -1, stderrFd = -1, toldFd = -1] = [1, 2, 3].map(() => openSync('/dev/null', 'r'));
		const pids = { initPid: 0, bootstrapPid: 0 };
		return Promise.resolve({ id: this.made, ...pids, stdoutFd, stderrFd, toldFd, egress: null });
	}

	exitOf(): Promise<never> {
		return new Promise(() => {});
	}
}

for (const { functions, places } of [
	{ functions: 2, places: 4 },
	{ functions: 7, places: 7 },
	{ functions: 30, places: 24 },
]) {
	test(`I-24: for ${functions} functions ${places} places are kept ready, however often they are named`, async () => {
		const thread = new CountingThread();
		const stock = new PlaceStock(thread as unknown as ThreadClient, PLAN, null);
		for (let index = 0; index < 2 * functions; index += 1) stock.expect(`f${index % functions}`, LIMITS);
		stock.refill();
		await until('the places are made', () => (thread.made >= places ? true : null));
		await setImmediate();
		assert.is(thread.made, places);
		stock.close();
	});
}

test('I-24: sixteen are kept after a place was asked for that was not there', async () => {
	const thread = new CountingThread();
	const stock = new PlaceStock(thread as unknown as ThreadClient, PLAN, null);
	await stock.take(LIMITS);
	await until('the places are made', () => (thread.made >= 17 ? true : null));
	await setImmediate();
	assert.is(thread.made, 17);
	stock.close();
});

test('I-122: a place that gets no control group is ended, and leaves no descriptor, though the thread has ended too', async () => {
	const calls: string[] = [];
	const thread = {
		call: (name: string): Promise<ReadyPlace> => {
			calls.push(name);
			return name === 'make' ? new CountingThread().call() : Promise.reject(new Error('it has ended'));
		},
		exitOf: () => Promise.resolve({ code: null, signal: 'SIGKILL' }),
		hold() {},
		release() {},
	};
	const group = { enroll: () => Promise.reject(new Error('no room')), remove: () => Promise.resolve() };
	const cgroups = { create: () => group } as unknown as Cgroups;
	const stock = new PlaceStock(thread as unknown as ThreadClient, PLAN, cgroups);
	const openBefore = readdirSync('/proc/self/fd').length;
	const error = await stock.make(LIMITS).catch((error: Error) => error);
	assert.is((error as Error).message, 'no room');
	assert.equal(calls, ['make', 'kill']);
	assert.is(readdirSync('/proc/self/fd').length, openBefore);
});

test('I-122: a place that can not be held to other limits is ended, and leaves no descriptor', async () => {
	let killed = 0;
	let removed = 0;
	const gone = Promise.withResolvers<{ code: null; signal: 'SIGKILL' }>();
	const thread = {
		call: async (name: string): Promise<ReadyPlace | null> => {
			if (name === 'make') return new CountingThread().call();
			killed += 1;
			gone.resolve({ code: null, signal: 'SIGKILL' });
			return null;
		},
		exitOf: () => gone.promise,
		hold() {},
		release() {},
	};
	const group = {
		enroll: () => Promise.resolve(),
		limit({ memoryBytes }: typeof LIMITS) {
			if (memoryBytes > 1) throw new Error('no such limit');
		},
		remove: async () => {
			removed += 1;
		},
	};
	const cgroups = { create: () => group } as unknown as Cgroups;
	const stock = new PlaceStock(thread as unknown as ThreadClient, PLAN, cgroups);
	stock.expect('one', LIMITS);
	const openBefore = readdirSync('/proc/self/fd').length;
	await stock.prepare();
	const error = await stock.take({ ...LIMITS, memoryBytes: 2 }).catch((error: Error) => error);
	stock.close();
	assert.is((error as Error).message, 'no such limit');
	assert.equal([killed, removed], [1, 1]);
	assert.is(readdirSync('/proc/self/fd').length, openBefore);
});

test.run();
