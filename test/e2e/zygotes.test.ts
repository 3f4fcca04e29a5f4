/** Edge functions that start in processes made ahead; with the built executable. */
import { readFile } from 'node:fs/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type RunningFunction, runBinary, startFunction } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { type Host, ownHost, strangerHost } from '../harness/hosts.ts';
import { cpuTicks, descendantsOf, isAlive } from '../harness/process-tree.ts';
import { until } from '../harness/until.ts';
import { type EdgeFacts, edgeFunction, factsOf, instanceOf, readyPids, untilWaiting } from './edge-probe.ts';
import { burstsLeakNothing } from './leak-checks.ts';

interface Runner {
	readonly name: string;
	/** Zygotes that are kept for one function. */
	readonly kept: number;
	readonly run: Host['run'];
}

const PLACE: Runner = { name: 'a place', kept: 2, run: ownHost.run };
const STRANGERS_PLACE: Runner = {
	name: 'a place of a user without rights',
	kept: 2,
	run: strangerHost().run,
};
const DIRECT: Runner = {
	name: 'direct isolation',
	kept: 1,
	run: (folder, argv) => startFunction(folder, argv),
};
/** No engine's business, but one that an engine may read once. */
const OWN_ENGINE = ['--env', 'LC_ALL=C'];
/** Variables that differ by what they are for, or that a shell left. */
const OF_THE_START = /^(?:HTTPFN_INSTANCE|RUNTIME_USERDATA|LC_ALL|_|PWD|OLDPWD|SHLVL)=/;
/** Of the engine itself, which has them as it needs them. */
const OF_THE_ENGINE = /^(?:socket|anon_inode)/;
const COLD_STARTS = 12;
const KEPT_AFTER_RUSH = 8;
/** One look may fall between two turns of a busy machine. */
const STILL_LOOKS = 10;

const test = suite('zygotes');

for (const { name, kept, run } of [PLACE, STRANGERS_PLACE, DIRECT]) {
	test(`Z-5: in ${name} a function that a zygote became finds what one with an engine of its own finds`, async () => {
		await using folder = await edgeFunction();
		const found: EdgeFacts[] = [];
		for (const own of [false, true]) {
			const given = ['--env', 'GREETING=hello', '--env', 'TZ=Asia/Shanghai', ...(own ? OWN_ENGINE : [])];
			await using running = await run(folder.path, given);
			const waiting = own ? [] : await untilWaiting(running, kept);
			found.push(await factsOf(running));
			assert.is(
				(await readyPids(running)).some((pid) => waiting.includes(pid)),
				!own,
				'a zygote became it',
			);
		}
		const [zygote, own] = found.map(comparable);
		assert.equal(zygote, own);
		assert.is(found[0]?.hour, '08');
		assert.ok(found[0]?.environment.includes('GREETING=hello'));
		assert.ok(
			found[0]?.initial.every((line) =>
				/^(?:PATH|HOME|LANG|LC_ALL|USER|TZ|TMPDIR|PWD|_|HTTPFN_INSTANCE)=/.test(line),
			),
		);
	});
}

for (const { name, kept, run } of [PLACE, DIRECT]) {
	test(`Z-6: in ${name} a zygote that was killed is replaced, and each instance is another one`, async () => {
		await using folder = await edgeFunction();
		await using running = await run(folder.path, []);
		const [first = 0] = await untilWaiting(running, kept);
		process.kill(first, 'SIGKILL');
		await running.record(({ message }) => String(message).includes('another one is made'));
		const waiting = await until('another one waits', async () => {
			const found = await untilWaiting(running, kept);
			return found.includes(first) ? null : found;
		});
		const asked = Array.from({ length: kept }, () => instanceOf(running, '/wait?ms=200'));
		assert.is(new Set(await Promise.all(asked)).size, kept);
		assert.equal(await readyPids(running, kept), waiting);
	});

	test(`Z-7: kill -9 of httpfn leaves no engine that waits in ${name}, and the next httpfn none that has become a function`, async () => {
		await using folder = await edgeFunction();
		const mountsBefore = await readFile('/proc/self/mountinfo', 'utf8');
		await using running = await run(folder.path, []);
		await untilWaiting(running, kept);
		await instanceOf(running);
		const served = await readyPids(running);
		await untilWaiting(running, kept);
		const family = descendantsOf(running.pid);
		await running.stop('SIGKILL');
		for (const member of family.filter(({ pid }) => !served.includes(pid))) {
			await until(`${member.pid} is gone`, () => (isAlive(member) ? null : true), 5_000);
		}
		await using next = await run(folder.path, []);
		await instanceOf(next);
		assert.equal(family.filter(isAlive), []);
		assert.is(await readFile('/proc/self/mountinfo', 'utf8'), mountsBefore);
	});
}

for (const { name, kept, run } of [PLACE, DIRECT]) {
	test(`Z-12: in ${name} engines wait for a function whose bootstrap httpfn wrote before it is first asked`, async () => {
		await using folder = await edgeFunction();
		const written = await runBinary(['bootstrap', folder.path]);
		assert.is(written.code, 0, written.stderr);
		await using running = await run(folder.path, []);
		const waiting = await untilWaiting(running, kept);
		await instanceOf(running);
		assert.ok((await readyPids(running)).some((pid) => waiting.includes(pid)));
	});
}

test('Z-8: cold starts from zygotes leave no descriptor, thread, mount, process or cgroup', async () => {
	await using folder = await edgeFunction();
	await using running = await ownHost.run(folder.path, ['--idle-timeout', '1']);
	const instances = new Set<string>();
	const burst = async (): Promise<void> => {
		const sent = Array.from({ length: 4 }, () => instanceOf(running, '/wait?ms=300'));
		for (const instance of await Promise.all(sent)) instances.add(instance);
		await until('all have left', () => (stopsOf(running) >= instances.size ? true : null));
		await untilWaiting(running, KEPT_AFTER_RUSH);
	};
	await untilWaiting(running, PLACE.kept);
	await burstsLeakNothing(running, burst, () => instances.size >= COLD_STARTS);
});

test('Z-9: a zygote’s memory is its function’s: more than the limit is ERR_FUNCTION_MEMORY', async () => {
	await using folder = await edgeFunction();
	await using running = await ownHost.run(folder.path, ['--memory', '128']);
	const waiting = await untilWaiting(running, PLACE.kept);
	const answer = await exchange(running.url, { target: '/hog' });
	assert.is(answer.header('X-Httpfn-Error'), 'ERR_FUNCTION_MEMORY');
	assert.ok((await readyPids(running)).some((pid) => waiting.includes(pid)));
});

test('Z-10: a function that a zygote became is frozen while idle, and answers before httpfn ends', async () => {
	await using folder = await edgeFunction();
	await using running = await ownHost.run(folder.path, ['--idle', 'freeze']);
	const waiting = await untilWaiting(running, PLACE.kept);
	const instance = await instanceOf(running, '/spin');
	const [pid = 0] = await readyPids(running);
	assert.ok(waiting.includes(pid));
	let [last, looks] = [-1, 0];
	await until('the spinning function stands still', () => {
		const ticks = cpuTicks(pid);
		looks = ticks === last ? looks + 1 : 0;
		last = ticks;
		return looks >= STILL_LOOKS ? true : null;
	});
	const answer = instanceOf(running, '/wait?ms=500');
	await until('it works', () => (cpuTicks(pid) > last ? true : null));
	const stopped = running.stop('SIGTERM');
	assert.is(await answer, instance);
	assert.is((await stopped).code, 0);
});

function stopsOf(running: RunningFunction): number {
	return running.records.filter(({ message }) => message === 'the function was stopped').length;
}

function comparable({ environment, inherited, ...facts }: EdgeFacts) {
	const { uid, gid, folder, words, input, hour, childDescriptors, descriptors } = facts;
	const without = (lines: readonly string[]) => lines.filter((line) => !OF_THE_START.test(line));
	return {
		...{ uid, gid, folder, words, input, hour },
		...{ environment: without(environment), inherited: without(inherited) },
		descriptors: descriptors.filter((kind) => !OF_THE_ENGINE.test(kind)),
		childDescriptors: childDescriptors.map((line) => line.split(' ')[0]),
	};
}

test.run();
