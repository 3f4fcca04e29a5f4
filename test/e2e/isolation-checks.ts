/** What isolation promises to whoever runs httpfn; `isolation.test.ts` and `isolation-rootless.test.ts` hold it to that. */
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { exchange } from '../harness/exchange.ts';
import { holdRequest, sendHeld } from '../harness/held-requests.ts';
import type { Host } from '../harness/hosts.ts';
import { ask, probeFunction } from '../harness/probe-function.ts';
import { PROBE, probesOf, sleepersOf } from '../harness/probe-processes.ts';
import { cgroupsOf, cpuTicks, descendantsOf, isAlive } from '../harness/process-tree.ts';
import { until } from '../harness/until.ts';

/** A frozen function answers at once: this is a bound on a busy machine, not the target. */
const THAW_MS_MAX = 150;
/** One look may fall between two turns of a busy machine. */
const STILL_LOOKS = 10;
const MIB = 1024 * 1024;

export async function fiftyInstances(host: Host): Promise<void> {
	await using folder = await probeFunction();
	await using running = await host.run(folder.path);
	const sent = await Promise.all(Array.from({ length: 50 }, () => sendHeld(running)));
	await Promise.all(sent.map(({ isHeld }) => isHeld));
	assert.is(probesOf(running).length, 50);
	const answers = await Promise.all(sent.map(({ held }) => held.release()));
	assert.is(answers.filter(({ status }) => status === 200).length, 50);
	assert.is(new Set(answers.map(({ instance }) => instance)).size, 50);
	for (const { held } of sent) await held[Symbol.asyncDispose]();
}

export async function twoFunctionsApart(host: Host): Promise<void> {
	await using left = await probeFunction({ 'left-secret': 'of the left one' });
	await using right = await probeFunction({ 'right-secret': 'of the right one' });
	await using served = await host.serve({
		functions: {
			left: { code: left.path, routes: [{ host: 'left.test', path: '/', match: 'prefix' }] },
			right: { code: right.path, routes: [{ host: 'right.test', path: '/', match: 'prefix' }] },
		},
	});
	const of = async (name: string, target: string) => {
		const headers = { host: `${name}.test` };
		const answer = await exchange(served.running.url, { target, headers });
		assert.is(answer.status, 200, answer.text);
		return answer.json as Record<string, unknown>;
	};
	assert.is((await of('left', '/read?path=left-secret')).text, 'of the left one');
	assert.is((await of('right', '/read?path=right-secret')).text, 'of the right one');
	for (const path of [join(right.path, 'right-secret'), '/opt/function/code/right-secret']) {
		assert.ok((await of('left', `/read?path=${path}`)).error, `${path} is not there`);
	}
	await of('right', '/write?path=/tmp/note&bytes=10');
	assert.ok((await of('left', '/read?path=/tmp/note')).error, 'the other /tmp is not seen');
	const commands = (await of('left', '/processes')).commands as string[];
	assert.is(commands.filter((command) => command === PROBE).length, 1, commands.join('\n'));
	// Each has a loopback of its own: what listens on port 8000 there is itself, and the gateway is elsewhere.
	for (const name of ['left', 'right']) {
		const seen = await of(name, '/fetch?url=http://127.0.0.1:8000/');
		assert.is((JSON.parse(String(seen.text)) as { instance: string }).instance, seen.instance);
	}
	for (const port of [8001, Number(new URL(served.running.url).port)]) {
		assert.match(String((await of('left', `/connect?to=127.0.0.1:${port}`)).error), /refused/);
	}
}

export async function identityInside(host: Host): Promise<void> {
	await using folder = await probeFunction();
	await using running = await host.run(folder.path);
	const told = await ask(running.url, '/identity');
	assert.is(told.error, '');
	assert.is(told.uid, 1003);
	assert.is(told.gid, 1003);
	assert.ok(
		((told.groups as number[] | null) ?? []).every((group) => group === 1003 || group === 65534),
		'no group of the host',
	);
	assert.is(told.folder, '/opt/function/code');
	assert.is(told.codeRoot, '/opt/function/code');
}

export async function filesInside(host: Host): Promise<void> {
	await using folder = await probeFunction();
	await using running = await host.run(folder.path, ['--memory', '1024']);
	for (const path of ['/opt/function/code/new', '/usr/new', '/etc/new', '/new']) {
		assert.ok((await ask(running.url, '/write', { path, bytes: 1 })).error, `${path} can not be written`);
	}
	const { bytes } = await ask(running.url, '/space', { path: '/tmp' });
	assert.is(bytes, 512 * MIB);
	assert.equal((await ask(running.url, '/list', { path: '/tmp' })).names, []);
	assert.is((await ask(running.url, '/write', { path: '/tmp/file', bytes: 100 * MIB })).error, '');
	const over = await ask(running.url, '/write', { path: '/tmp/large', bytes: 500 * MIB });
	assert.match(over.error, /no space left/);
	await assertAbsent('/tmp/file');
}

export async function hiddenFiles(host: Host): Promise<void> {
	await using folder = await probeFunction();
	await using served = await host.serve({
		functions: { only: { code: folder.path, routes: [{ path: '/', match: 'prefix' }] } },
	});
	const { url } = served.running;
	const own = [served.configFile, join(folder.path, 'bootstrap')];
	// A home may be there for the programs on PATH that it holds, but not its files.
	for (const path of [
		...own,
		...(await homes()),
		join(homedir(), '.bashrc'),
		'/run/httpfn',
		'/var/lib/dpkg',
	]) {
		const [read, listed] = [await ask(url, '/read', { path }), await ask(url, '/list', { path })];
		assert.ok(read.error !== '' && ((listed.names as string[] | undefined) ?? []).length === 0, path);
	}
	// Neither do the processes of the host show, httpfn's command line among them.
	const commands = (await ask(url, '/processes')).commands as string[];
	assert.not.ok(
		commands.some((command) => command.includes('serve')),
		commands.join('\n'),
	);
}

export async function memoryHog(host: Host): Promise<void> {
	await using folder = await probeFunction();
	await using running = await host.run(folder.path, ['--memory', '128']);
	await using neighbour = await holdRequest(running);
	const answer = await exchange(running.url, { target: '/allocate?mb=400' });
	assert.is(answer.header('X-Httpfn-Error'), 'ERR_FUNCTION_MEMORY', answer.text);
	assert.is(answer.status, 500);
	const record = await until(
		'the record of the breach',
		() =>
			running.records.find(({ code, limitBytes }) => code === 'ERR_FUNCTION_MEMORY' && limitBytes) ?? null,
		5_000,
	);
	assert.is(record.limitBytes, 128 * MIB);
	assert.ok(Number(record.peakBytes) > 100 * MIB, String(record.peakBytes));
	const released = await neighbour.release();
	assert.is(released.status, 200, released.error);
	assert.is((await ask(running.url, '/identity')).error, '');
}

/** The bomb of a shell doubles until nobody stops it; this one counts how far it comes. */
export async function forkBomb(host: Host): Promise<void> {
	await using folder = await probeFunction();
	await using running = await host.run(folder.path, ['--memory', '2048', '--idle-timeout', '1']);
	await using neighbour = await holdRequest(running);
	const told = await ask(running.url, '/multiply', { most: 3000 });
	assert.ok(Number(told.count) > 0 && Number(told.count) < 1024, String(told.count));
	assert.ok(told.refusal, 'the kernel refused one more');
	assert.is((await neighbour.release()).status, 200);
	await until('the processes of the bomb are gone with their instance', () =>
		sleepersOf(running).length === 0 ? true : null,
	);
	assert.is((await ask(running.url, '/identity')).error, '');
}

export async function daemonDies(host: Host): Promise<void> {
	await using folder = await probeFunction();
	await using running = await host.run(folder.path, ['--idle-timeout', '1']);
	await ask(running.url, '/daemon');
	const daemon = await until('the daemon runs', () => sleepersOf(running)[0] ?? null);
	await until('the daemon is gone with its instance', () => (isAlive(daemon) ? null : true));
	assert.equal(probesOf(running), []);
}

export async function frozenStandsStill(host: Host): Promise<void> {
	await using folder = await probeFunction();
	await using running = await host.run(folder.path, ['--idle', 'freeze', '--idle-timeout', '60']);
	const before = await ask(running.url, '/spin');
	const [probe] = probesOf(running);
	let [last, looks] = [-1, 0];
	await until('the spinning function stands still', () => {
		const ticks = cpuTicks(probe?.pid ?? 0);
		looks = ticks === last ? looks + 1 : 0;
		last = ticks;
		return looks >= STILL_LOOKS ? true : null;
	});
	const askedMs = performance.now();
	const after = await ask(running.url, '/identity');
	const tookMs = performance.now() - askedMs;
	assert.ok(tookMs < THAW_MS_MAX, `${tookMs} ms`);
	assert.is(after.instance, before.instance);
}

export async function killedWithoutWarning(host: Host): Promise<void> {
	await using folder = await probeFunction();
	const mountsBefore = await readFile('/proc/self/mountinfo', 'utf8');
	await using running = await host.run(folder.path, ['--reserved', '2']);
	await using first = await holdRequest(running);
	await ask(running.url, '/daemon');
	const family = descendantsOf(running.pid);
	assert.ok(family.length >= 4, `${family.length} processes`);
	await running.stop('SIGKILL');
	for (const member of family) {
		await until(`${member.pid} is gone`, () => (isAlive(member) ? null : true), 5_000);
	}
	await Promise.race([first.client.ended, first.client.closed]);
	assert.is(await readFile('/proc/self/mountinfo', 'utf8'), mountsBefore);
	await using next = await host.run(folder.path);
	await ask(next.url, '/identity');
	assert.equal(cgroupsOf(running.pid), [], 'the next start has cleared the cgroups away');
}

/** Of people; the platform's own user has one in every instance. */
async function homes(): Promise<string[]> {
	const names = await readdir('/home').catch(() => []);
	return names.filter((name) => name !== 'snuser').map((name) => `/home/${name}`);
}

async function assertAbsent(path: string): Promise<void> {
	await readFile(path).then(
		() => assert.unreachable(`${path} is on the host`),
		(error: NodeJS.ErrnoException) => assert.is(error.code, 'ENOENT'),
	);
}
