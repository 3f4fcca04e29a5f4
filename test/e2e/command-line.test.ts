/** The commands of the built executable, as a newcomer and a script use them. */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Finished, runBinary, startFunction } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { functionFolder } from '../harness/function-folder.ts';

const ROOT = join(import.meta.dirname, '../..');
const GATED = join(import.meta.dirname, 'gated-function');
/** A user without rights, who may make no user namespace either. */
const WITHOUT_NAMESPACES = [
	...['unshare', '--user', '--map-root-user', '--', 'sh', '-c'],
	'echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --bounding-set=-all --inh-caps=-all -- "$@"',
	'sh',
];

const COMMANDS = ['run', 'check', 'invoke', 'doctor', 'version', 'help'];

const test = suite('command line');

test('E-20: version prints the version of the package', async () => {
	const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
	const done = succeeds(await runBinary(['version']));
	assert.match(done.stdout, new RegExp(`\\b${version.replaceAll('.', '\\.')}\\b`));
});

test('E-21: help lists every command, and each command explains itself with an example', async () => {
	const overview = succeeds(await runBinary(['help'])).stdout;
	for (const command of COMMANDS) {
		assert.match(overview, new RegExp(`^\\s*${command}\\b`, 'm'));
		const page = succeeds(await runBinary(['help', command])).stdout;
		assert.match(page, new RegExp(`httpfn ${command}`));
		assert.is(succeeds(await runBinary([command, '--help'])).stdout, page);
	}
	assert.is(succeeds(await runBinary(['--help'])).stdout, overview);
});

test('E-22: an unknown command, option or variable is an error that names it', async () => {
	fails(await runBinary(['rum', GATED]), 2, 'ERR_USAGE', /rum/);
	fails(await runBinary(['run', GATED, '--memmory', '128']), 2, /ERR_(USAGE|CONFIG_INVALID)/, /--memmory/);
	const environment = { HTTPFN_MEMMORY: '128' };
	fails(await runBinary(['run', GATED], { environment }), 2, 'ERR_CONFIG_INVALID', /HTTPFN_MEMMORY/);
});

test('E-23: malformed values are all reported at once, each with what was found', async () => {
	const argv = ['run', GATED, '--memory', '100', '--timeout', 'soon', '--env', '1X=y', '--listen', 'nowhere'];
	const done = fails(await runBinary(argv), 2, 'ERR_CONFIG_INVALID', /--memory/);
	for (const found of [/100/, /--timeout/, /soon/, /1X/, /--listen/, /nowhere/])
		assert.match(done.stderr, found);
	assert.is(done.stdout, '');
});

test('E-24: check refuses each folder that could not start in the cloud, and names what it found', async () => {
	await refusesFolder({ 'bootstrap.sh': 'true\n' }, 'ERR_BOOTSTRAP_NAME', /bootstrap\.sh/);
	await refusesFolder({ Bootstrap: 'true\n' }, 'ERR_BOOTSTRAP_NAME', /Bootstrap/);
	await refusesFolder({ 'demo/bootstrap': 'true\n' }, 'ERR_BOOTSTRAP_NESTED', /demo/);
	await refusesFolder({ bootstrap: 'node a.js\r\n' }, 'ERR_BOOTSTRAP_CRLF', /CRLF/);
	await refusesFolder({ bootstrap: '' }, 'ERR_BOOTSTRAP_EMPTY', /no bytes/);
	await refusesFolder({ 'bootstrap/file': 'x' }, 'ERR_BOOTSTRAP_NOT_FILE', /director|folder/);
	await refusesFolder({ 'app.js': 'x' }, 'ERR_BOOTSTRAP_MISSING', /bootstrap/);
	fails(await runBinary(['check', '/nowhere/at/all']), 1, 'ERR_CODE_FOLDER_MISSING', /\/nowhere\/at\/all/);
});

test('E-25: run refuses such a folder before it prints a URL', async () => {
	await using folder = await functionFolder({ 'bootstrap.sh': 'touch started\n' });
	const done = fails(
		await runBinary(['run', folder.path, '--listen', '127.0.0.1:0']),
		1,
		'ERR_BOOTSTRAP_NAME',
		/bootstrap\.sh/,
	);
	assert.is(done.stdout, '');
});

test('E-26: --env and --env-file reach the function, and the option wins over the file', async () => {
	await using folder = await functionFolder({
		settings: '# comment\nFROM_FILE=file\nBOTH=file\nQUOTED="two words"\n',
	});
	const file = join(folder.path, 'settings');
	await using running = await startFunction(GATED, [
		...['--env-file', file, '--env', 'BOTH=option', '--env', 'EMPTY='],
	]);
	const seen = (await exchange(running.url, { target: '/environment' })).json as Record<string, string>;
	assert.is(seen.FROM_FILE, 'file');
	assert.is(seen.BOTH, 'option');
	assert.is(seen.QUOTED, 'two words');
	assert.is(seen.EMPTY, '');
	assert.equal(JSON.parse(seen.RUNTIME_USERDATA ?? ''), {
		BOTH: 'option',
		EMPTY: '',
		FROM_FILE: 'file',
		QUOTED: 'two words',
	});

	await writeFile(file, 'GOOD=1\nno equals sign\n');
	const argv = ['run', GATED, '--env-file', file];
	fails(await runBinary(argv), 2, 'ERR_CONFIG_INVALID', /\b2\b/);
});

test('E-27: --isolation namespace is refused, with what to use, where the host allows no namespaces', async () => {
	const argv = ['run', GATED, '--isolation', 'namespace', '--listen', '127.0.0.1:0'];
	fails(await runBinary(argv, { prefix: WITHOUT_NAMESPACES }), 1, 'ERR_ISOLATION_UNAVAILABLE', /direct/);
});

test('E-28: asynchronous invocation and retries are refused with the reason', async () => {
	const argv = ['invoke', GATED, '--data', 'x'];
	fails(await runBinary([...argv, '--async']), [1, 2], 'ERR_ASYNC_UNSUPPORTED', /synchronously only/);
	fails(await runBinary([...argv, '--retry', '2']), [1, 2], 'ERR_RETRY_UNSUPPORTED', /never retries/);
});

interface Envelope {
	readonly statusCode: number;
	readonly headers: Readonly<Record<string, readonly string[]>>;
	readonly body: string;
	readonly isBase64Encoded: boolean;
}

test('E-29: invoke builds an event from --data, --method and --path, and prints the envelope', async () => {
	const argv = ['invoke', GATED, '--data', '你好', '--method', 'POST', '--path', '/echo'];
	const envelope = JSON.parse(succeeds(await runBinary(argv)).stdout) as Envelope;
	assert.is(envelope.statusCode, 200);
	assert.is(envelope.isBase64Encoded, true);
	assert.is(Buffer.from(envelope.body, 'base64').toString(), '你好');
	assert.ok(Array.isArray(envelope.headers.Date), 'header values are arrays');
});

test('E-30: invoke sends an APIG event from a file or from standard input, with its path and query', async () => {
	const event = {
		body: Buffer.from('hello').toString('base64'),
		isBase64Encoded: true,
		httpMethod: 'POST',
		path: '/echo',
		headers: { 'content-type': 'text/plain' },
		queryStringParameters: {},
		pathParameters: {},
		requestContext: { apiId: 'api', requestId: '0'.repeat(32), stage: 'RELEASE', sourceIp: '127.0.0.1' },
	};
	await using folder = await functionFolder({ 'event.json': JSON.stringify(event) });
	const fromFile = await runBinary(['invoke', GATED, '--event', join(folder.path, 'event.json')]);
	const envelope = JSON.parse(succeeds(fromFile).stdout) as Envelope;
	assert.is(Buffer.from(envelope.body, 'base64').toString(), 'hello');

	const described = {
		...event,
		body: '',
		httpMethod: 'GET',
		path: '/users/7',
		queryStringParameters: { a: ['1', '2'], b: 'c d' },
	};
	const fromInput = await runBinary(['invoke', GATED, '--event', '-'], { input: JSON.stringify(described) });
	const answer = JSON.parse(succeeds(fromInput).stdout) as Envelope;
	const text = Buffer.from(answer.body, 'base64').toString();
	assert.match(text, /^GET \/users\/7\?a=1&a=2&b=c(%20|\+)d$/);
});

test('E-31: invoke passes on a status of the function, and reports a broken event by what is wrong with it', async () => {
	const missing = await runBinary(['invoke', GATED, '--method', 'GET', '--path', '/missing']);
	assert.is((JSON.parse(missing.stdout) as Envelope).statusCode, 404, missing.stderr);
	const broken = await runBinary(['invoke', GATED, '--event', '-'], { input: '{"httpMethod":7}' });
	fails(broken, [1, 2], 'ERR_EVENT_INVALID', /httpMethod/);
});

test('E-32: a listening address in use is an error that names the address', async () => {
	const holder = createServer();
	await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', () => resolve()));
	const address = holder.address();
	const port = typeof address === 'object' ? address?.port : 0;
	const done = await runBinary(['run', GATED, '--listen', `127.0.0.1:${port}`]);
	holder.close();
	fails(done, 1, 'ERR_LISTEN_FAILED', new RegExp(`\\b${port}\\b`));
});

test('E-33: doctor says what this machine offers, for people and for programs', async () => {
	const done = succeeds(await runBinary(['doctor']));
	assert.match(done.stdout, /bash/);
	assert.match(done.stdout, /8000/);
	const report: unknown = JSON.parse(succeeds(await runBinary(['doctor', '--json'])).stdout);
	assert.type(report, 'object');
});

test('E-34: run prints the URL alone on one line of standard output, and ends with exit code 0 on SIGINT', async () => {
	await using running = await startFunction(GATED);
	assert.match(running.url, /^http:\/\/127\.0\.0\.1:\d+$/);
	assert.equal(await running.stop('SIGINT'), { code: 0, signal: null });
});

async function refusesFolder(files: Record<string, string>, code: string, found: RegExp): Promise<void> {
	await using folder = await functionFolder(files);
	fails(await runBinary(['check', folder.path]), 1, code, found);
}

function succeeds(done: Finished): Finished {
	assert.is(done.code, 0, done.stderr);
	return done;
}

function fails(
	done: Finished,
	exit: number | readonly number[],
	code: string | RegExp,
	found: RegExp,
): Finished {
	assert.ok([exit].flat().includes(done.code ?? -1), `exit ${done.code}: ${done.stderr}`);
	assert.match(done.stderr, typeof code === 'string' ? new RegExp(`\\b${code}\\b`) : code);
	assert.match(done.stderr, found);
	return done;
}

test.run();
