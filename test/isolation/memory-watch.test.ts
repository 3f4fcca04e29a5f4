/** Watching, without control groups: real processes as any user may see them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { MemorySource } from '../../src/isolation/memory-source.ts';
import { MemoryWatch } from '../../src/isolation/memory-watch.ts';
import { descendantsOf } from '../../src/isolation/process-tree.ts';
import { ProcessUsage } from '../../src/isolation/process-usage.ts';
import { PROCESS_LIMITS } from '../../src/isolation/process-usage-limits.ts';
import { SignalFreezer, stopAll } from '../../src/isolation/signal-freezer.ts';
import type { MemoryBreach } from '../../src/process/sandbox.ts';
import { cpuTicks } from '../harness/process-tree.ts';
import { until } from '../harness/until.ts';
import { HOLD, MIB, WaitingProcess } from './cgroup-bed.ts';

/** No process has such a number. */
const NOBODY = 5_000_000;
const test = suite('memory watch');
const LIMIT = 1000;

/** Uses what it is told to. */
class FakeMemory implements MemorySource {
	bytes: number | null = 0;
	killedAt: number | null = null;
	looks = 0;

	usedBytes(): number | null {
		this.looks += 1;
		return this.bytes;
	}

	killedAtBytes(): number | null {
		return this.killedAt;
	}
}

test('I-56: a breach is told once, with the peak and the limit', async () => {
	const [watch, source, breaches] = [new MemoryWatch(1), new FakeMemory(), [] as MemoryBreach[]];
	const watched = watch.add(source, LIMIT, (breach) => breaches.push(breach));
	source.bytes = LIMIT;
	watched.setBusy(true);
	await until('two looks', () => (source.looks > 1 ? true : null));
	assert.equal(breaches, []);
	source.bytes = LIMIT + 1;
	await until('a breach', () => (breaches.length > 0 ? true : null));
	watched.setBusy(true);
	assert.not(watch.isWatching);
	assert.equal(breaches, [{ peakBytes: LIMIT + 1, limitBytes: LIMIT }]);
	assert.equal(watched.breachAtExit(), breaches[0]);
});

test('I-56: what the kernel ended for its bound is a breach, though nothing was seen', async () => {
	const [watch, source, breaches] = [new MemoryWatch(1), new FakeMemory(), [] as MemoryBreach[]];
	const watched = watch.add(source, LIMIT, (breach) => breaches.push(breach));
	assert.is(watched.breachAtExit(), null);
	source.bytes = null;
	source.killedAt = 5000;
	assert.equal(watched.breachAtExit(), { peakBytes: 5000, limitBytes: LIMIT });
	const other = watch.add(source, LIMIT, (breach) => breaches.push(breach));
	other.setBusy(true);
	await until('a breach', () => (breaches.length > 0 ? true : null));
	assert.equal(breaches, [{ peakBytes: 5000, limitBytes: LIMIT }]);
});

test('I-57: nothing is looked at while nothing is busy; who was busy between two looks is measured once', async () => {
	const [watch, source] = [new MemoryWatch(1), new FakeMemory()];
	const watched = watch.add(source, LIMIT, () => assert.unreachable());
	assert.not(watch.isWatching);
	source.bytes = 700;
	watched.setBusy(true);
	watched.setBusy(false);
	assert.ok(watch.isWatching);
	await until('the look', () => (watch.isWatching ? null : true));
	assert.is(source.looks, 1);
	assert.is(watched.peakBytes, 700);
	watched.setBusy(true);
	watched.remove();
	watched.remove();
	watched.setBusy(true);
	assert.not(watch.isWatching);
});

test('I-58: without control groups the processes of an instance are added up, and one over its limit is told', async () => {
	const hog = await WaitingProcess.start(`${HOLD(40).slice('exec '.length)} & wait`);
	const usage = new ProcessUsage(() => descendantsOf(hog.pid), 32 * MIB);
	const watch = new MemoryWatch(1);
	const breaches: MemoryBreach[] = [];
	watch.add(usage, 32 * MIB, (breach) => breaches.push(breach)).setBusy(true);
	await hog.firstWords();
	const breach = await until('a breach', () => breaches[0] ?? null);
	assert.ok(breach.peakBytes > 32 * MIB && breach.peakBytes < 48 * MIB, String(breach.peakBytes));
	stopAll(() => descendantsOf(hog.pid));
	for (const pid of descendantsOf(hog.pid).reverse()) process.kill(pid, 'SIGKILL');
	await hog.exited;
	assert.is(new ProcessUsage(() => [], 1).usedBytes(), null);
});

test('I-58: a heap that forked children share is counted once', async () => {
	const script =
		`exec perl -e '$| = 1; open Z, "/dev/zero"; sysread(Z, $x, 24 << 20);` +
		` for (1 .. 3) { if (!fork) { sleep 600; exit } } print "forked\\n"; sleep 600'`;
	const parent = await WaitingProcess.start(script);
	await parent.firstWords();
	const pids = descendantsOf(parent.pid);
	assert.is(pids.length, 4);
	const used = new ProcessUsage(() => pids, 64 * MIB).usedBytes() ?? 0;
	assert.ok(used > 24 * MIB && used < 48 * MIB, String(used));
	for (const pid of pids.reverse()) process.kill(pid, 'SIGKILL');
	await parent.exited;
});

test('I-59: stopping catches those that are forked meanwhile, and all go on when told', async () => {
	const parent = await WaitingProcess.start('while :; do (:); done & while :; do (:); done & wait');
	parent.go();
	const tree = () => descendantsOf(parent.pid);
	const work = () => tree().reduce((ticks, pid) => ticks + cpuTicks(pid), 0);
	await until('it runs', () => (work() > 4 ? true : null));
	const freezer = new SignalFreezer(tree);
	assert.is(await freezer.freeze(), true);
	const stopped = tree();
	const frozenAt = work();
	const other = await WaitingProcess.start('for ((i = 0; i < 100000; i++)); do :; done');
	other.go();
	await other.exited;
	assert.equal(tree(), stopped);
	assert.is(work(), frozenAt);
	freezer.thaw();
	await until('it goes on', () => (work() > frozenAt ? true : null));
	assert.is(await freezer.freeze(), true);
	for (const pid of tree().reverse()) process.kill(pid, 'SIGKILL');
	await parent.exited;
});

test('I-59: who stops late is waited for, and one that is thawed meanwhile is not stopped again', async () => {
	const sleeper = await WaitingProcess.start('exec sleep 600');
	sleeper.go();
	let looks = 0;
	let lateLooks = 105;
	const freezer = new SignalFreezer(() => {
		looks += 1;
		// Somebody new at each look, as if one more had yet to stop.
		return looks < lateLooks ? [sleeper.pid, NOBODY + looks] : [sleeper.pid];
	});
	assert.is(await freezer.freeze(), true);
	freezer.thaw();
	lateLooks = Number.POSITIVE_INFINITY;
	const late = freezer.freeze();
	freezer.thaw();
	const before = looks;
	assert.is(await late, false);
	assert.is(looks, before);
	await sleeper.kill();
});

test('I-49: an instance has 2,048 file descriptors a process, and 1,024 processes and threads', () => {
	assert.equal(PROCESS_LIMITS, { descriptorsMax: 2048, processesMax: 1024 });
});

test.run();
