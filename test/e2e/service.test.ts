/** `httpfn service` writes what systemd and OpenRC take; with the built executable, below a root of the test's own. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runBinary, startFunction } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { type FunctionFolder, functionFolder } from '../harness/function-folder.ts';
import { EVERYTHING_READ_ONLY, inOwnMounts } from '../harness/own-mounts.ts';
import { binaryPath } from '../harness/upgraded.ts';

const FUNCTION = { bootstrap: 'exec python3 -m http.server --bind 127.0.0.1 8000\n' };
const UNITS = 'etc/systemd/system';
const ODD = `A=two words $HOME %n "q" 'p' \\`;

const test = suite<{ folder: FunctionFolder; root: string }>('service');

test.before(async (context) => {
	context.folder = await functionFolder(FUNCTION);
});
test.before.each(async (context) => {
	context.root = await mkdtemp(join(tmpdir(), 'httpfn-root-'));
});
test.after.each(({ root }) => rm(root, { recursive: true }));
test.after(async ({ folder }) => {
	await folder[Symbol.asyncDispose]();
});

async function install(root: string, ...argv: readonly string[]) {
	const done = await runBinary(['service', 'install', '--root', root, '--json', ...argv]);
	const {
		written = [],
		next = [],
		code = '',
	} = JSON.parse(done.stdout || done.stderr) as {
		written?: string[];
		next?: string[];
		code?: string;
	};
	return { exit: done.code, written, next, code };
}

test('V-10: systemd finds no fault with the units, whatever they are for', async ({ folder, root }) => {
	const config = join(root, 'httpfn.yaml');
	const kinds: readonly (readonly string[])[] = [
		['--unit', 'deployed', '--control', '127.0.0.1:9081'],
		['--unit', 'file', '--config', config],
		['--unit', 'one', folder.path, '--env', ODD, '--stream', '--no-eager'],
		[
			'--unit',
			'sockets',
			folder.path,
			'--listen',
			'0.0.0.0:80,[::]:443,unix:/run/httpfn/web.sock',
			'--socket',
		],
		['--unit', 'stranger', folder.path, '--run-as', 'daemon', '--access-log', '/var/log/a b/access.log'],
	];
	for (const argv of kinds) {
		const { exit, written } = await install(root, '--init', 'systemd', ...argv);
		assert.is(exit, 0);
		assert.is(written.length, argv.includes('--socket') ? 2 : 1);
		// Only where it is can it be found to be a program.
		const verified = spawnSync('systemd-analyze', ['verify', ...written], { encoding: 'utf8' });
		assert.is(verified.status, 0, verified.stderr);
		assert.not.match(verified.stderr, argv[1] ?? '');
	}
});

test('V-11: the command line of a unit and of a script is the one that was asked for, with absolute paths', async ({
	folder,
	root,
}) => {
	const argv = [folder.path, '--unit', 'odd', '--env', ODD, '--listen', '127.0.0.1:0'];
	await install(root, '--init', 'systemd', ...argv);
	const unit = readFileSync(join(root, UNITS, 'odd.service'), 'utf8');
	const words = [binaryPath(), 'run', folder.path, '--env', ODD, '--listen', '127.0.0.1:0'];
	assert.equal(systemdWords(/^ExecStart=(.*)$/m.exec(unit)?.[1] ?? ''), words);
	await install(root, '--init', 'openrc', ...argv);
	const script = join(root, 'etc/init.d/odd');
	assert.ok((statSync(script).mode & 0o111) !== 0);
	assert.is(spawnSync('sh', ['-n', script]).status, 0);
	// As start-stop-daemon is given them.
	const told = spawnSync('sh', ['-c', `. ${script}; eval "printf '%s\\\\0' $command $command_args"`], {
		encoding: 'utf8',
	});
	assert.equal(told.stdout.split('\0').slice(0, -1), [...words, '--pid-file', '/run/httpfn/odd.pid']);
});

test('V-12: a file that differs is not overwritten without --force; the same is not written again; uninstall removes it', async ({
	root,
}) => {
	const argv = ['--init', 'systemd'];
	const [unit = ''] = (await install(root, ...argv)).written;
	assert.equal((await install(root, ...argv)).written, []);
	assert.is((await runBinary(['service', 'show', '--root', root, ...argv])).code, 0);
	writeFileSync(unit, 'mine\n');
	const refused = await install(root, ...argv);
	assert.is(refused.exit, 1);
	assert.is(refused.code, 'ERR_SERVICE_FAILED');
	assert.is(readFileSync(unit, 'utf8'), 'mine\n');
	assert.is((await runBinary(['service', 'show', '--root', root, ...argv])).code, 1);
	assert.equal((await install(root, ...argv, '--force')).written, [unit]);
	assert.is((await runBinary(['service', 'uninstall', '--root', root, ...argv])).code, 0);
	assert.is(existsSync(unit), false);
});

test('V-11: a function without a bootstrap is a service like any other', async ({ root }) => {
	await using folder = await functionFolder({ 'index.ts': "export default () => new Response('hi')" });
	const { exit, written } = await install(root, '--init', 'systemd', folder.path);
	assert.equal([exit, written.length], [0, 1]);
});

test('V-13: what httpfn would refuse to start with is refused, and so is what the service manager can not do', async ({
	folder,
	root,
}) => {
	for (const [argv, code] of [
		[['--init', 'systemd', '--memory', '256'], 'ERR_USAGE'],
		[['--init', 'systemd', folder.path, '--memory', '257'], 'ERR_CONFIG_INVALID'],
		[['--init', 'openrc', folder.path, '--socket', '--listen', '127.0.0.1:80'], 'ERR_USAGE'],
		[['--init', 'systemd', folder.path, '--socket', '--listen', '127.0.0.1:0'], 'ERR_CONFIG_INVALID'],
		[['--init', 'systemd', '--unit', 'a/b'], 'ERR_CONFIG_INVALID'],
		[[], 'ERR_USAGE'],
	] as const) {
		const done = await runBinary([
			'service',
			'install',
			'--print',
			'--json',
			...argv,
			...(argv.length === 0 ? ['--root', root] : []),
		]);
		assert.is(done.code, 2, `${argv.join(' ')}: ${done.stdout}`);
		assert.is((JSON.parse(done.stderr) as { code: string }).code, code);
	}
});

test('V-13: what can not be done is refused before anything is written', async ({ root }) => {
	const refused = await install(root, '--init', 'systemd', '--now');
	assert.equal([refused.exit, refused.code], [2, 'ERR_USAGE']);
	assert.is(existsSync(join(root, UNITS)), false);
});

test('V-17: a unit may write where a config file, or the command line, says that it does', async ({
	folder,
	root,
}) => {
	const config = join(root, 'httpfn.json');
	const files = { accessLog: join(root, 'logs/access.log'), pidFile: join(root, 'pids/httpfn.pid') };
	const functions = { only: { code: folder.path, routes: [{ path: '/', match: 'prefix' }] } };
	const listen = `unix:${join(root, 'sockets/web.sock')}`;
	writeFileSync(config, JSON.stringify({ ...files, listen, functions }));
	const print = ['service', 'install', '--init', 'systemd', '--print'];
	const { stdout, stderr } = await runBinary([...print, '--config', config]);
	assert.equal(writesOf(stdout), [join(root, 'logs'), join(root, 'pids'), join(root, 'sockets')], stderr);
	const said = await runBinary([...print, folder.path, '--access-log', 'auto', '--pid-file', '/run/a/b.pid']);
	assert.equal(writesOf(said.stdout), ['/run/a'], said.stderr);
	assert.match(said.stdout, ' --access-log auto ');
});

function writesOf(unit: string): string[] {
	return [...unit.matchAll(/^ReadWritePaths=(.*)$/gm)].map(([, folder = '']) => folder);
}

test('V-14: with the rights of the unit, a read-only file system and no other folders than its own, functions have places of their own', async ({
	folder,
	root,
}) => {
	await install(root, '--init', 'systemd', folder.path, '--unit', 'rights');
	const unit = readFileSync(join(root, UNITS, 'rights.service'), 'utf8');
	const rights = (/^CapabilityBoundingSet=(.*)$/m.exec(unit)?.[1] ?? '')
		.toLowerCase()
		.replaceAll('cap_', '+')
		.split(' ');
	assert.match(unit, /^NoNewPrivileges=yes$/m);
	// As ProtectSystem=strict and PrivateTmp do it.
	const prefix = [
		...inOwnMounts(`${EVERYTHING_READ_ONLY}; mount -t tmpfs tmpfs /run`),
		...['setpriv', '--no-new-privs', `--bounding-set=-all,${rights.join(',')}`],
	];
	await using running = await startFunction(folder.path, ['--isolation', 'namespace'], { prefix });
	assert.is((await exchange(running.url)).status, 200, running.logText);
});

test('V-16: a unit hides neither itself nor what it serves and writes, wherever that lies', async ({
	root,
}) => {
	const hidden = async (...argv: readonly string[]) => {
		const { written } = await install(root, '--init', 'systemd', '--force', '--unit', 'places', ...argv);
		const unit = readFileSync(written[0] ?? '', 'utf8');
		return [/^ProtectHome=(.*)$/m.exec(unit)?.[1], /^PrivateTmp=(.*)$/m.exec(unit)?.[1]];
	};
	const program = ['--program', '/usr/bin/httpfn'];
	assert.equal(await hidden('/srv/app', ...program), ['yes', 'yes']);
	assert.equal(await hidden('/srv/app', '--program', '/run/user/1/httpfn'), ['read-only', 'yes']);
	assert.equal(await hidden('/run/user/1/app', ...program), ['read-only', 'yes']);
	assert.equal(await hidden('/tmp/app', ...program), ['yes', undefined]);
	assert.equal(await hidden('/srv/app', '--listen', 'unix:/tmp/web.sock', ...program), ['yes', undefined]);
});

test('V-16: a unit does not hide certificates that a config file names', async ({ folder, root }) => {
	const config = join(root, 'httpfn.json');
	const tls = { tlsCert: '/run/user/1/cert.pem', tlsKey: '/run/user/1/key.pem' };
	const functions = { only: { code: folder.path, routes: [{ path: '/', match: 'prefix' }] } };
	for (const [more, protectHome] of [
		[{}, 'yes'],
		[tls, 'read-only'],
	] as const) {
		writeFileSync(config, JSON.stringify({ listen: '127.0.0.1:0', functions, ...more }));
		const { stdout, stderr } = await runBinary([
			...['service', 'install', '--init', 'systemd', '--print'],
			...['--config', config, '--program', '/usr/bin/httpfn'],
		]);
		assert.is(/^ProtectHome=(.*)$/m.exec(stdout)?.[1], protectHome, stderr);
	}
});

/** The words of a command line as systemd.service(5) has them, for what httpfn writes. */
function systemdWords(line: string): string[] {
	const words = line.match(/"(?:[^"\\]|\\.)*"|[^\s"]+/g) ?? [];
	return words.map((word) => {
		const inner = word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word;
		return inner.replaceAll('%%', '%').replaceAll('$$', '$');
	});
}

test.run();
