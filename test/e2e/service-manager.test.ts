/** What a service manager hears of the built executable, over a real datagram socket. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startBinary } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { type FunctionFolder, functionFolder } from '../harness/function-folder.ts';
import { NotifySocket } from '../harness/notify-socket.ts';
import { TlsFolder } from '../harness/tls-folder.ts';
import { servedBy, upgrade } from '../harness/upgraded.ts';

/** Answers with its environment. */
const FUNCTION = {
	bootstrap: 'exec node $RUNTIME_CODE_ROOT/index.mjs\n',
	'index.mjs': `import http from 'node:http';
http.createServer((request, response) => response.end(JSON.stringify(process.env))).listen(8000, '127.0.0.1');
`,
};
const LOG = ['--log-format', 'json', '--isolation', 'direct'];
const WATCHDOG_USEC = '200000';

const test = suite<{ folder: FunctionFolder }>('service manager');

test.before(async (context) => {
	context.folder = await functionFolder(FUNCTION);
});
test.after(async ({ folder }) => {
	await folder[Symbol.asyncDispose]();
});

test('V-3: the service manager is told READY=1 when it accepts, and STOPPING=1 when it stops; no function sees its socket', async ({
	folder,
}) => {
	const place = join(folder.path, 'notify');
	await using socket = new NotifySocket(place);
	const environment = { NOTIFY_SOCKET: place, WATCHDOG_USEC };
	const argv = ['run', folder.path, '--listen', '127.0.0.1:0', ...LOG];
	const running = await startBinary(argv, { environment });
	const ready = await socket.message(({ READY }) => READY === '1');
	assert.is(ready.MAINPID, `${running.pid}`);
	assert.match(ready.STATUS ?? '', running.url);
	const answer = await exchange(running.url);
	assert.is(answer.status, 200);
	assert.not.match(answer.text, 'NOTIFY_SOCKET');
	assert.not.match(answer.text, 'WATCHDOG');
	await running.stop();
	await socket.message(({ STOPPING }) => STOPPING === '1');
});

test('V-4: a reload is told as RELOADING=1 with its time, then READY=1, also where the file has mistakes', async ({
	folder,
}) => {
	const config = join(folder.path, 'serve.json');
	const functions = { only: { code: folder.path, routes: [{ path: '/', match: 'prefix' }] } };
	await writeFile(config, JSON.stringify({ listen: '127.0.0.1:0', functions }));
	const place = `@httpfn-notify-${process.pid}`;
	await using socket = new NotifySocket(place);
	await using running = await startBinary(['serve', '--config', config, ...LOG], {
		environment: { NOTIFY_SOCKET: place },
	});
	await socket.message(({ READY }) => READY === '1');
	for (const text of [JSON.stringify({ listen: '127.0.0.1:0', functions }), '{']) {
		const from = socket.messages.length;
		await writeFile(config, text);
		running.signal('SIGHUP');
		const { MONOTONIC_USEC = '' } = await socket.message(({ RELOADING }) => RELOADING === '1', from);
		assert.ok(Math.abs(Number(MONOTONIC_USEC) / 1e6 - uptimeSeconds()) < 60, MONOTONIC_USEC);
		const [, ready] = [await socket.message(({ READY }) => READY === '1', from), socket.messages.slice(from)];
		assert.ok(
			ready.findIndex(({ RELOADING }) => RELOADING === '1') < ready.findIndex(({ READY }) => READY === '1'),
		);
	}
});

for (const [title, flags] of [
	['plain', ['--listen', '127.0.0.1:0']],
	['encrypted, and with a PROXY header', ['--listen', '127.0.0.1:0', '--proxy-protocol', '127.0.0.1']],
] as const) {
	test(`V-5: WATCHDOG=1 comes as long as its listeners answer its own requests, and stops when it hangs (${title})`, async ({
		folder,
	}) => {
		using tls = new TlsFolder();
		const { cert, key } = tls.pair('a');
		const secure = title === 'plain' ? [] : ['--tls-cert', cert, '--tls-key', key];
		const place = `@httpfn-watchdog-${process.pid}`;
		await using socket = new NotifySocket(place);
		const argv = ['run', folder.path, ...flags, ...secure, ...LOG, '--access-log', 'stderr'];
		await using running = await startBinary(argv, { environment: { NOTIFY_SOCKET: place, WATCHDOG_USEC } });
		const alive = (from: number) => socket.message(({ WATCHDOG }) => WATCHDOG === '1', from);
		await alive(0);
		await alive(socket.messages.length);
		// One look may have been under way.
		running.signal('SIGSTOP');
		const stopped = socket.messages.length;
		await new Promise((resolve) => setTimeout(resolve, 300));
		assert.ok(socket.messages.length <= stopped + 1);
		running.signal('SIGCONT');
		await alive(socket.messages.length);
		assert.not.match(running.logText, 'ERR_ROUTE_NOT_FOUND');
	});
}

test('V-6: after an upgrade the service manager knows the new process, which says the rest', async ({
	folder,
}) => {
	const place = `@httpfn-main-${process.pid}`;
	await using socket = new NotifySocket(place);
	const argv = [
		'run',
		folder.path,
		'--listen',
		'127.0.0.1:0',
		...LOG,
		'--pid-file',
		join(folder.path, 'pid'),
	];
	await using running = await startBinary(argv, {
		environment: { NOTIFY_SOCKET: place, WATCHDOG_USEC, WATCHDOG_PID: '' },
	});
	await using served = servedBy(running);
	const pidOf = () => Number(readFileSync(join(folder.path, 'pid'), 'latin1'));
	assert.is(pidOf(), running.pid);
	const { pid } = await upgrade(running.pid);
	served.pid = pid;
	const main = socket.messages.findIndex(({ MAINPID, READY }) => MAINPID === `${pid}` && READY === undefined);
	assert.ok(main >= 0, JSON.stringify(socket.messages));
	await socket.message(({ READY, MAINPID }) => READY === '1' && MAINPID === `${pid}`, main);
	assert.is(pidOf(), pid);
	assert.not.ok(socket.messages.some(({ STOPPING }) => STOPPING === '1'));
});

function uptimeSeconds(): number {
	return Number(process.hrtime.bigint()) / 1e9;
}

test.run();
