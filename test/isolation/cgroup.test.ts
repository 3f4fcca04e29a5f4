/** Real control groups of this host, whichever it has. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Cgroups, InstanceCgroup } from '../../src/isolation/cgroup.ts';
import { folderOfThisProcess } from '../../src/isolation/cgroup-folder.ts';
import { findHierarchies, thisHost } from '../../src/isolation/cgroup-hierarchies.ts';
import { judgeLimits } from '../../src/isolation/cgroup-judgement.ts';
import { openCgroups } from '../../src/isolation/cgroups.ts';
import { MemoryOfCgroup } from '../../src/isolation/memory-of-cgroup.ts';
import { MemoryWatch } from '../../src/isolation/memory-watch.ts';
import { cpuTicks } from '../harness/process-tree.ts';
import { until } from '../harness/until.ts';
import { enrolled, HOLD, LIMITS, MIB, realCgroups } from './cgroup-bed.ts';

const test = suite('control groups');
let cgroups: Cgroups;
let cgroup: InstanceCgroup;

test.before(() => {
	cgroups = realCgroups();
});
test.before.each(() => {
	cgroup = cgroups.create();
	cgroup.limit(LIMITS);
});
test.after.each(() => cgroup.remove());
test.after(async () => {
	cgroups.create();
	await cgroups.close();
	assert.equal(foldersOfThisProcess(), []);
});

test('I-40: what an enrolled process forks is in its group, wherever it flees to, and ends with the group', async () => {
	const parent = await enrolled(cgroup, 'setsid sleep 600 & disown; exec sleep 600');
	parent.go();
	const pids = await until('two members', () => {
		const members = cgroup.processIds();
		return members.length === 2 ? members : null;
	});
	assert.ok(pids.includes(parent.pid));
	await cgroup.remove();
	await parent.exited;
	assert.ok(pids.every((pid) => !isRunning(pid)));
	assert.equal(cgroup.processIds(), []);
	assert.is(cgroup.memory(), null);
	await cgroup.remove();
});

test('I-41: the kernel ends what passes memory and /tmp together, and the exit is told as a breach', async () => {
	if (cgroups.powers.memory === null) return;
	const small = cgroups.create();
	// A place made ahead for one function may be taken by another.
	for (const memoryBytes of [8 * MIB, 32 * MIB, 16 * MIB])
		small.limit({ ...LIMITS, memoryBytes, tmpBytes: MIB });
	const watched = new MemoryWatch().add(new MemoryOfCgroup(small, null), 16 * MIB, () => {});
	const hog = await enrolled(small, HOLD(64));
	assert.is(watched.breachAtExit(), null);
	hog.go();
	await hog.exited;
	assert.ok(small.oomKills() > 0);
	const breach = watched.breachAtExit();
	assert.ok(breach);
	assert.is(breach.limitBytes, 16 * MIB);
	assert.ok(breach.peakBytes >= 16 * MIB && breach.peakBytes <= 18 * MIB, String(breach.peakBytes));
	await small.remove();
});

test('I-42: an instance over its memory size is reported within moments, its neighbour is not', async () => {
	if (cgroups.powers.memory === null) return;
	const watch = new MemoryWatch();
	const other = cgroups.create();
	other.limit(LIMITS);
	const neighbour = await enrolled(other, HOLD(16));
	const calm = watch.add(new MemoryOfCgroup(other, null), LIMITS.memoryBytes, () => assert.unreachable());
	await neighbour.firstWords();
	calm.setBusy(true);
	const hog = await enrolled(cgroup, HOLD(96));
	const breach = await keepAlive(
		new Promise<{ peakBytes: number; limitBytes: number }>((resolve) => {
			watch.add(new MemoryOfCgroup(cgroup, null), LIMITS.memoryBytes, resolve).setBusy(true);
			hog.go();
		}),
	);
	assert.is(breach.limitBytes, LIMITS.memoryBytes);
	assert.ok(breach.peakBytes > LIMITS.memoryBytes && breach.peakBytes < 112 * MIB, String(breach.peakBytes));
	await until('the neighbour was measured', () => (calm.peakBytes > 16 * MIB ? true : null));
	assert.ok(calm.peakBytes < 24 * MIB);
	calm.remove();
	await Promise.all([hog.kill(), neighbour.kill()]);
	await other.remove();
});

test('I-43: page cache and files in /tmp are not memory', async () => {
	if (cgroups.powers.memory === null) return;
	const folders = ['/dev/shm', tmpdir()].map((folder) => mkdtempSync(join(folder, 'httpfn-test-')));
	const files = folders.map((folder) => join(folder, 'big'));
	const fill = files.map((file) => `head -c 24M /dev/zero > ${file}; cat ${file} ${file} > /dev/null`);
	const writer = await enrolled(cgroup, `${fill.join('\n')}\necho done; exec sleep 600`);
	await writer.firstWords();
	const all = new MemoryOfCgroup(cgroup, null);
	const used = new MemoryOfCgroup(cgroup, '/dev/shm');
	assert.ok((cgroup.peakBytes() ?? 0) > 40 * MIB, String(cgroup.peakBytes()));
	assert.ok((all.usedBytes() ?? 0) > 23 * MIB, 'shared memory is counted where /tmp is not told');
	assert.ok((used.usedBytes() ?? 0) < 8 * MIB, String(used.usedBytes()));
	await writer.kill();
	for (const folder of folders) rmSync(folder, { recursive: true });
});

test('I-44: a fork bomb is held at the bound of processes, and ends with its group', async () => {
	if (cgroups.powers.processes === null) return;
	const bounded = cgroups.create();
	bounded.limit({ ...LIMITS, processesMax: 20 });
	const bomb = await enrolled(bounded, 'b() { b | b & }; b; exec sleep 600');
	bomb.go();
	await until('the bomb went off', () => (bounded.processIds().length >= 10 ? true : null));
	for (let look = 0; look < 100; look += 1) assert.ok(bounded.processIds().length <= 20);
	await bounded.remove();
	assert.equal(bounded.processIds(), []);
	await bomb.exited;
});

test('I-45: a frozen instance uses no processor, goes on when thawed, and can be killed while frozen', async () => {
	const spinner = await enrolled(cgroup, 'while :; do :; done');
	spinner.go();
	await until('it runs', () => (cpuTicks(spinner.pid) > 2 ? true : null));
	assert.equal(await Promise.all([cgroup.freeze(), cgroup.freeze()]), [true, true]);
	const frozenAt = await until('it stands still', async () => {
		const before = cpuTicks(spinner.pid);
		await otherWork();
		return cpuTicks(spinner.pid) === before ? before : null;
	});
	await otherWork();
	assert.is(cpuTicks(spinner.pid), frozenAt);
	cgroup.thaw();
	await until('it goes on', () => (cpuTicks(spinner.pid) > frozenAt ? true : null));
	await cgroup.freeze();
	await spinner.kill();
});

test('I-46: each instance weighs as RUNTIME_CPU says: a share, not a quota', () => {
	if (cgroups.powers.cpu === null) return;
	const weight = (cpuMillicores: number): number => {
		cgroup.limit({ ...LIMITS, cpuMillicores });
		return Number(readOwn('cpu.shares') ?? readOwn('cpu.weight'));
	};
	const [small, large] = [weight(300), weight(8200)];
	assert.ok(Math.abs(large / small - 8200 / 300) < 0.2, `${small} ${large}`);
});

test('I-47: what an ended httpfn left is removed by the next one; what a running one uses is not', async () => {
	const { unified, legacy } = findHierarchies(thisHost());
	const [own] = [...legacy.values(), unified].filter((folder) => foldersOfThisProcess(folder).length > 0);
	assert.ok(own);
	const left = join(own, 'httpfn-99999999-1');
	mkdirSync(join(left, '1'), { recursive: true });
	const second = openCgroups();
	assert.not(existsSync(left));
	assert.ok(foldersOfThisProcess(own).length > 0);
	assert.ok(second);
	// Not closed: both stand for this one process.
});

test('I-48: doctor tells what enforces each limit, and what to change where nothing does', () => {
	const names = ['memory', 'cpu', 'processes', 'freeze'];
	const rows = judgeLimits(cgroups, false);
	assert.equal(
		rows.map(({ name }) => name),
		names,
	);
	for (const { name, state, advice } of rows) {
		if (name === 'freeze') continue;
		assert.is(state, cgroups.powers[name as 'memory' | 'cpu' | 'processes'] === null ? 'limited' : 'ok');
		assert.is(advice === '', state === 'ok');
	}
	const without = judgeLimits(null, false, { membership: '', mounts: '' });
	assert.equal(
		without.map(({ state }) => state),
		['limited', 'limited', 'limited', 'ok'],
	);
	assert.ok(without.every(({ state, advice }) => state === 'ok' || advice !== ''));
	assert.is(judgeLimits(null, true)[2]?.state, 'ok');
});

/** The watch's timer keeps no process alive. */
async function keepAlive<T>(promise: Promise<T>): Promise<T> {
	const timer = setInterval(() => {}, 1000);
	try {
		return await promise;
	} finally {
		clearInterval(timer);
	}
}

/** Some of the processor's time, spent elsewhere. */
async function otherWork(): Promise<void> {
	await once(spawn('bash', ['--norc', '-c', 'for ((i = 0; i < 100000; i++)); do :; done']), 'exit');
}

function isRunning(pid: number): boolean {
	try {
		return !/^State:\t[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
	} catch {
		return false;
	}
}

/** Of the newest group of this process. */
function readOwn(name: string): string | null {
	for (const folder of foldersOfThisProcess()) {
		const numbers = readdirSync(folder).map(Number).filter(Number.isInteger);
		const path = join(folder, String(Math.max(...numbers)), name);
		if (existsSync(path)) return readFileSync(path, 'latin1').trim();
	}
	return null;
}

function foldersOfThisProcess(only: string | null = null): string[] {
	const { unified, legacy } = findHierarchies(thisHost());
	const parents = only === null ? [...legacy.values(), ...(unified === null ? [] : [unified])] : [only];
	return parents
		.map((folder) => join(folder, folderOfThisProcess('httpfn')))
		.filter((path) => existsSync(path));
}

test.run();
