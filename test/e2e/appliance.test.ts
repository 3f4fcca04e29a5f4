/** Machines that have less than others: no file that can be written, no home, no name server, no clock. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type RunningFunction, startFunction } from '../harness/binary.ts';
import { DeployedHost } from '../harness/deployed-host.ts';
import { exchange } from '../harness/exchange.ts';
import { type FunctionFolder, functionFolder } from '../harness/function-folder.ts';
import { EVERYTHING_READ_ONLY, inOwnMounts } from '../harness/own-mounts.ts';

/** Answers with its environment; `/never` is not answered. */
const FUNCTION = {
	bootstrap: 'exec node $RUNTIME_CODE_ROOT/index.mjs\n',
	'index.mjs': `import http from 'node:http';
http.createServer((request, response) => {
	if (request.url !== '/never') response.end(JSON.stringify(process.env));
}).listen(8000, '127.0.0.1');
`,
};
const ISOLATIONS = ['namespace', 'direct'];

const test = suite<{ folder: FunctionFolder }>('appliance');

test.before(async (context) => {
	context.folder = await functionFolder(FUNCTION);
});
test.after(async ({ folder }) => {
	await folder[Symbol.asyncDispose]();
});

function run(folder: FunctionFolder, isolation: string, prefix: readonly string[]): Promise<RunningFunction> {
	return startFunction(folder.path, ['--isolation', isolation], { prefix });
}

test('V-30: it serves where no file can be written, nor /tmp nor /run', async ({ folder }) => {
	for (const isolation of ISOLATIONS) {
		await using running = await run(folder, isolation, inOwnMounts(EVERYTHING_READ_ONLY));
		const answer = await exchange(running.url);
		assert.is(answer.status, 200, running.logText);
		await assertWorseThanInfo(running, []);
	}
});

test('V-31: it serves without a home, a runtime folder, and any variable but PATH; a control plane needs --state alone', async ({
	folder,
}) => {
	const bare = ['env', '-i', `PATH=${process.env.PATH ?? ''}`];
	const homeless = ['env', 'HOME=/nonexistent', 'XDG_RUNTIME_DIR=/nonexistent/runtime'];
	for (const [isolation, prefix] of [
		['namespace', bare],
		['direct', bare],
		['direct', homeless],
	] as const) {
		await using running = await run(folder, isolation, prefix);
		assert.is((await exchange(running.url)).status, 200, running.logText);
	}
	await using host = await DeployedHost.start({ prefix: bare });
	assert.is((await exchange(host.control, { target: '/v2/cn/fgs/functions' })).status < 500, true);
});

test('V-32: it serves where there is no /etc/resolv.conf, and no list of hosts and users', async ({
	folder,
}) => {
	const kept = 'ld.so.cache ld.so.conf ld.so.conf.d alternatives';
	const bareEtc = `mount -t tmpfs -o mode=755 tmpfs /mnt; for f in ${kept}; do cp -a /etc/$f /mnt/ 2>/dev/null || :; done; mount --bind /mnt /etc`;
	for (const isolation of ISOLATIONS) {
		await using running = await run(folder, isolation, inOwnMounts(bareEtc));
		assert.is((await exchange(running.url)).status, 200, running.logText);
	}
});

for (const year of [1970, 2099]) {
	test(`V-33: with a clock that says ${year} it serves; where the clock is set while it runs, deadlines stay what they were`, async ({
		folder,
	}) => {
		const offset = join(folder.path, 'offset');
		const set = (iso: string) => {
			const seconds = Math.round((Date.parse(iso) - Date.now()) / 1000);
			writeFileSync(offset, seconds < 0 ? `${seconds}` : `+${seconds}`);
		};
		set(`${year}-01-02T03:04:05Z`);
		await using running = await startFunction(folder.path, ['--timeout', '3'], {
			environment: { ...CLOCK, FAKETIME_TIMESTAMP_FILE: offset },
		});
		const answer = await exchange(running.url);
		assert.is(answer.status, 200, running.logText);
		assert.match(
			String((await running.record(({ message }) => message === 'listening')).time),
			`${year}-01-02T`,
		);
		const begunMs = performance.now();
		const never = exchange(running.url, { target: '/never' });
		set('2026-01-02T03:04:05Z');
		const late = await never;
		assert.is(late.header('X-Httpfn-Error'), 'ERR_FUNCTION_TIMEOUT');
		const tookMs = performance.now() - begunMs;
		assert.ok(tookMs > 2900 && tookMs < 15_000, `${tookMs} ms`);
		assert.is((await exchange(running.url)).status, 200);
	});
}

/** Another time of day, as a file says it, for everything that asks the C library; the clock that only counts goes on as it does. */
const CLOCK = {
	LD_PRELOAD: '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
	FAKETIME_DONT_FAKE_MONOTONIC: '1',
	FAKETIME_NO_CACHE: '1',
};

/** What it complains of, by message. */
/** Of the test that runs beside this one, which may kill its httpfn: they see each other's processes. */
const OTHERS_LEFT = 'ended processes that an httpfn before this one left behind';

async function assertWorseThanInfo(running: RunningFunction, expected: readonly string[]): Promise<void> {
	await running.record(({ message }) => message === 'the function is ready');
	const complaints = running.records.filter(({ level }) => level === 'warn' || level === 'error');
	const messages = complaints.map(({ message }) => message);
	assert.equal(
		messages.filter((message) => message !== OTHERS_LEFT),
		expected,
	);
}

test.run();
