/** httpfn as a service of a systemd that is the first process of namespaces; with the built executable. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BootedSystemd } from '../harness/booted-systemd.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { until } from '../harness/until.ts';
import { binaryPath } from '../harness/upgraded.ts';

const PORT = 18_080;
const SERVICE = 'httpfn-demo.service';
const FUNCTION = {
	bootstrap: 'exec node $RUNTIME_CODE_ROOT/index.mjs\n',
	'index.mjs': `import http from 'node:http';
http.createServer((request, response) => response.end('here')).listen(8000, '127.0.0.1');
`,
};

const test = suite('systemd');

/** Below /srv, since a unit sees neither the host's /tmp nor home folders. */
function ownFolder(): { readonly path: string } & Disposable {
	const path = mkdtempSync('/srv/httpfn-test-');
	return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

test('V-15: systemd starts it, hands sockets over, follows an upgrade, ends one that hangs, and forgets it', async () => {
	await using systemd = await BootedSystemd.boot();
	await using folder = await functionFolder(FUNCTION);
	using own = ownFolder();
	const [code, next] = [join(own.path, 'code'), join(own.path, 'httpfn')];
	systemd.run('cp', '-r', folder.path, code);
	copyFileSync(binaryPath(), next);
	const answer = () => systemd.run('curl', '-s', `http://127.0.0.1:${PORT}/`).stdout;

	const words = [code, '--unit', 'httpfn-demo', '--listen', `127.0.0.1:${PORT}`, '--program', next];
	const installed = await systemd.httpfn('service', 'install', ...words, '--socket', '--now');
	assert.is(installed.code, 0, installed.stderr);
	assert.is(answer(), 'here');
	assert.is(systemd.property(SERVICE, 'ActiveState'), 'active');
	assert.match(systemd.property(SERVICE, 'StatusText'), `127.0.0.1:${PORT}`);

	const before = systemd.property(SERVICE, 'MainPID');
	const upgraded = await systemd.httpfn('upgrade', binaryPath(), '--pid', before, '--json');
	assert.is(upgraded.code, 0, upgraded.stderr);
	const after = String((JSON.parse(upgraded.stdout) as { pid: number }).pid);
	await until('systemd has the new process', () =>
		systemd.property(SERVICE, 'MainPID') === after ? true : null,
	);
	assert.is(answer(), 'here');

	const dropIn = '/etc/systemd/system/httpfn-demo.service.d';
	systemd.run('sh', '-c', `mkdir ${dropIn} && printf '[Service]\\nWatchdogSec=3\\n' > ${dropIn}/soon.conf`);
	systemd.run('systemctl', 'daemon-reload');
	systemd.run('systemctl', 'restart', SERVICE);
	assert.is(answer(), 'here');
	systemd.run('kill', '-STOP', systemd.property(SERVICE, 'MainPID'));
	await until('the watchdog has it started anew', () =>
		Number(systemd.property(SERVICE, 'NRestarts')) > 0 ? true : null,
	);
	assert.is(answer(), 'here');

	const removed = await systemd.httpfn('service', 'uninstall', '--unit', 'httpfn-demo', '--now');
	assert.is(removed.code, 0, removed.stderr);
	assert.is(systemd.property(SERVICE, 'LoadState'), 'not-found');
});

test('V-15: a service without a socket is stopped and forgotten too, and one that is not there is no failure', async () => {
	await using systemd = await BootedSystemd.boot();
	await using folder = await functionFolder(FUNCTION);
	using own = ownFolder();
	const code = join(own.path, 'code');
	systemd.run('cp', '-r', folder.path, code);
	const words = [code, '--unit', 'httpfn-demo', '--listen', `127.0.0.1:${PORT}`];
	const installed = await systemd.httpfn('service', 'install', ...words, '--now');
	assert.is(installed.code, 0, installed.stderr);
	assert.is(systemd.property(SERVICE, 'ActiveState'), 'active');
	for (const _ of [1, 2]) {
		const removed = await systemd.httpfn('service', 'uninstall', '--unit', 'httpfn-demo', '--now');
		assert.is(removed.code, 0, removed.stderr);
	}
	assert.is(systemd.property(SERVICE, 'LoadState'), 'not-found');
});

test.run();
