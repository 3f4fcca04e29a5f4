/** v2 as a kernel would answer it: plain files, and a writer that keeps the rules which files alone do not. */
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Cgroups } from '../../src/isolation/cgroup.ts';
import { folderOfThisProcess, membersOf } from '../../src/isolation/cgroup-folder.ts';
import { findHierarchies } from '../../src/isolation/cgroup-hierarchies.ts';
import { openCgroupsV2 } from '../../src/isolation/cgroup-v2.ts';
import { openCgroups } from '../../src/isolation/cgroups.ts';
import { MemoryOfCgroup } from '../../src/isolation/memory-of-cgroup.ts';
import { LIMITS, MIB } from './cgroup-bed.ts';

const test = suite('control groups v2');
const SUBTREE = 'cgroup.subtree_control';
let own: string;

test.before.each(() => {
	own = mkdtempSync(join(tmpdir(), 'httpfn-cgroup-'));
	writeFileSync(join(own, 'cgroup.controllers'), 'cpuset cpu io memory pids\n');
	writeFileSync(join(own, SUBTREE), '\n');
	writeFileSync(join(own, 'cgroup.procs'), `${process.pid}\n`);
});
test.after.each(() => rmSync(own, { recursive: true }));

test('I-50: httpfn moves itself into a leaf, for a group with processes gives no controllers, and back at the end', async () => {
	const cgroups = open();
	const leaf = join(own, folderOfThisProcess('httpfn.self'));
	assert.equal(membersOf(leaf), [process.pid]);
	assert.equal(membersOf(own), []);
	assert.equal(words(own, SUBTREE), ['cpu', 'memory', 'pids']);
	assert.equal(words(folder(), SUBTREE), ['cpu', 'memory', 'pids']);
	assert.is(cgroups.powers.memory, 'cgroup v2 (memory)');
	emptied(folder());
	await cgroups.close();
	await cgroups.close();
	assert.equal(membersOf(own), [process.pid]);
	assert.equal(words(own, SUBTREE), []);
	assert.equal(foldersIn(own), []);
});

test('I-51: where other processes stand in the group, nothing is moved but httpfn, and that is put back', () => {
	writeFileSync(join(own, 'cgroup.procs'), `1\n${process.pid}\n`);
	assert.is(openCgroupsV2(own, kernelWrite), null);
	assert.equal(membersOf(own).toSorted(), [1, process.pid].toSorted());
	assert.equal(words(own, SUBTREE), []);
});

test('V-28: a process that takes over leaves the leaf of the one before for one of its own beside it', () => {
	writeFileSync(join(own, 'cgroup.procs'), '');
	writeFileSync(join(own, SUBTREE), 'cpu memory pids\n');
	const before = join(own, 'httpfn.self-1-1');
	mkdirSync(before);
	writeFileSync(join(before, 'cgroup.procs'), `${process.pid}\n`);
	const cgroups = openCgroupsV2(before, kernelWrite);
	assert.is(cgroups?.powers.memory, 'cgroup v2 (memory)');
	assert.equal(membersOf(join(own, folderOfThisProcess('httpfn.self'))), [process.pid]);
	assert.equal(foldersIn(before), []);
});

test('I-52: controllers that are given already stay so', async () => {
	writeFileSync(join(own, 'cgroup.procs'), '');
	writeFileSync(join(own, SUBTREE), 'memory pids\n');
	writeFileSync(join(own, 'cgroup.controllers'), 'memory pids\n');
	const cgroups = open();
	assert.is(cgroups.powers.cpu, null);
	assert.equal(foldersIn(own), [folderOfThisProcess('httpfn')]);
	emptied(folder());
	await cgroups.close();
	assert.equal(words(own, SUBTREE), ['memory', 'pids']);
});

test('I-53: an instance gets memory and /tmp as its bound, no swap, one end for all, a weight, and a bound of processes', async () => {
	const cgroups = open();
	const cgroup = cgroups.create();
	cgroup.limit(LIMITS);
	await cgroup.enroll(4242);
	const instance = join(folder(), '1');
	const found = [
		'memory.max',
		'memory.swap.max',
		'memory.oom.group',
		'pids.max',
		'cpu.weight',
		'cgroup.procs',
	];
	assert.equal(
		found.map((name) => words(instance, name)[0]),
		[String(576 * MIB), '0', '1', '64', '30', '4242'],
	);
});

test('I-45: v2 tells when the kernel has stopped the last process, and does not wait for ever', async () => {
	const cgroup = open().create();
	const instance = join(folder(), '1');
	// The wait keeps no process alive.
	const alive = setInterval(() => {}, 60_000);
	writeFileSync(join(instance, 'cgroup.events'), 'populated 1\nfrozen 0\n');
	const frozen = cgroup.freeze();
	assert.equal(words(instance, 'cgroup.freeze'), ['1']);
	// The kernel tells when the last process stands still.
	writeFileSync(join(instance, 'cgroup.events'), 'populated 1\nfrozen 1\n');
	assert.is(await frozen, true);
	cgroup.thaw();
	assert.equal(words(instance, 'cgroup.freeze'), ['0']);
	writeFileSync(join(instance, 'cgroup.events'), 'populated 1\nfrozen 0\n');
	assert.is(await cgroup.freeze(), false, 'it does not wait for ever');
	clearInterval(alive);
});

test('I-54: v2 counts anonymous and shared memory, and tells its own bound from the host’s shortage', () => {
	const cgroup = open().create();
	const instance = join(folder(), '1');
	writeFileSync(join(instance, 'memory.stat'), 'anon 50000\nfile 40000\nshmem 3000\ninactive_anon 1\n');
	writeFileSync(join(instance, 'memory.peak'), '99000\n');
	writeFileSync(join(instance, 'memory.events'), 'low 0\noom 0\noom_kill 1\noom_group_kill 0\n');
	const source = new MemoryOfCgroup(cgroup, null);
	assert.is(source.usedBytes(), 53_000);
	assert.is(source.killedAtBytes(), null);
	writeFileSync(join(instance, 'memory.events'), 'low 0\noom 2\noom_kill 3\noom_group_kill 1\n');
	assert.is(cgroup.oomKills(), 3);
	assert.is(source.killedAtBytes(), 99_000);
});

test('I-55: the own group is found below whatever part of the hierarchy is mounted', () => {
	const mount = (root: string, point: string, type: string, options = 'rw') =>
		`31 23 0:28 ${root} ${point} rw,relatime shared:9 - ${type} none ${options}`;
	const find = (membership: string, ...mounts: string[]) =>
		findHierarchies({ membership, mounts: mounts.join('\n') });
	const v2 = '0::/user.slice/a b.scope\n';
	assert.is(find(v2, mount('/', '/cg', 'cgroup2')).unified, '/cg/user.slice/a b.scope');
	assert.is(find(v2, mount('/user.slice', '/c\\040g', 'cgroup2')).unified, '/c g/a b.scope');
	assert.is(find(v2, mount('/user.slice/a\\040b.scope', '/cg', 'cgroup2')).unified, '/cg');
	assert.is(find(v2, mount('/other', '/cg', 'cgroup2')).unified, null);
	assert.is(find('0::/../outside\n', mount('/', '/cg', 'cgroup2')).unified, null);
	const v1 = find(
		'5:memory:/m\n3:cpu,cpuacct:/c\n0::/\n',
		mount('/', '/cg/memory', 'cgroup', 'rw,memory'),
		mount('/', '/cg/cpu', 'cgroup', 'rw,cpu,cpuacct'),
		mount('/', '/cg/pids', 'cgroup', 'rw,pids'),
	);
	assert.equal([...v1.legacy].toSorted(), [
		['cpu', '/cg/cpu/c'],
		['memory', '/cg/memory/m'],
	]);
	assert.is(openCgroups({ membership: '', mounts: '' }), null);
});

/** What the kernel does when a control file is written, and what it refuses. */
function kernelWrite(group: string, name: string, value: string | number): void {
	if (name === SUBTREE) {
		if (membersOf(group).length > 0) throw Object.assign(new Error('busy'), { code: 'EBUSY' });
		const [sign, controller = ''] = [String(value)[0], String(value).slice(1)];
		const others = words(group, name).filter((word) => word !== controller);
		const given = sign === '+' ? [...others, controller] : others;
		writeFileSync(join(group, name), given.toSorted().join(' '));
	} else if (name === 'cgroup.procs') {
		const groups = [own, ...foldersIn(own).map((child) => join(own, child))];
		for (const other of groups) {
			const stay = membersOf(other).filter((pid) => pid !== Number(value));
			if (other === own) writeFileSync(join(other, name), stay.map((pid) => `${pid}\n`).join(''));
			else rmSync(join(other, name), { force: true });
		}
		const members = [...membersOf(group), Number(value)];
		writeFileSync(join(group, name), members.map((pid) => `${pid}\n`).join(''));
	} else {
		writeFileSync(join(group, name), String(value));
	}
}

function open(): Cgroups {
	const cgroups = openCgroupsV2(own, kernelWrite);
	assert.ok(cgroups);
	return cgroups;
}

function folder(): string {
	return join(own, folderOfThisProcess('httpfn'));
}

/** A kernel's files go with their folder, these do not. */
function emptied(group: string): void {
	rmSync(group, { recursive: true });
	mkdirSync(group);
}

function words(group: string, name: string): string[] {
	const path = join(group, name);
	return existsSync(path) ? readFileSync(path, 'latin1').split(/\s+/).filter(Boolean) : [];
}

function foldersIn(parent: string): string[] {
	return readdirSync(parent, { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => name);
}

test.run();
