import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadCommands } from '../../src/cli/commands.ts';
import { allCommands } from '../../src/cli/find-command.ts';
import { commandHelp } from '../../src/cli/help-text.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { runSource, type SourceResult } from '../harness/source-process.ts';

const test = suite('command line');
const COMMANDS = await loadCommands();
const MAIN = 'src/cli/main.ts';

function httpfn(
	argv: readonly string[],
	environment: Readonly<Record<string, string>> = {},
): Promise<SourceResult> {
	return runSource(MAIN, argv, { env: environment });
}

/** As on a host that lets this user make none: without the capability, and with the one attempt behind it. */
function withoutNamespaces(argv: readonly string[]): Promise<SourceResult> {
	const root = process.getuid?.() === 0;
	const through = root ? ['setpriv', '--bounding-set', '-sys_admin', '--inh-caps', '-sys_admin'] : [];
	return runSource(MAIN, argv, { env: { _HTTPFN_USER_NAMESPACE: 'refused: by a test' }, through });
}

test('U-20: every command explains itself, with all its options, and with its examples last', () => {
	for (const command of allCommands(COMMANDS)) {
		const page = commandHelp(command);
		for (const { flag: known, short } of command.options) {
			assert.match(page, `\n  ${short === undefined ? known : `${short}, ${known}`}`);
		}
		const last = page.slice(page.indexOf('\nExamples:')).trim().split('\n');
		assert.is(last.length, command.examples.length + 1);
		assert.ok(command.examples.length > 0);
	}
});

test('U-20: help and --help print the same page', async () => {
	for (const words of [['run'], ['deploy'], ['alias', 'set'], ['help']]) {
		const [help, flag] = await Promise.all([httpfn(['help', ...words]), httpfn([...words, '--help'])]);
		assert.equal([help.code, flag.code, help.stderr], [0, 0, '']);
		assert.is(help.stdout, flag.stdout);
		assert.match(help.stdout, `Usage: httpfn ${words.join(' ')}`);
	}
});

test('U-20: httpfn alone shows the commands and fails; httpfn help and --help show them and do not', async () => {
	const [alone, help, flag] = await Promise.all([httpfn([]), httpfn(['help']), httpfn(['--help'])]);
	assert.equal([alone.code, help.code, flag.code], [2, 0, 0]);
	assert.is(alone.stderr, help.stdout);
	assert.is(flag.stdout, help.stdout);
	for (const { name } of COMMANDS) assert.match(help.stdout, `\n  ${name} `);
});

test('U-20: help is given even where the rest of the line is wrong', async () => {
	const { code, stdout } = await httpfn(['run', '--memry', '5', '--help']);
	assert.is(code, 0);
	assert.match(stdout, 'Usage: httpfn run');
});

test('U-21: an unknown command is a usage error that names the nearest one', async () => {
	const { code, stdout, stderr } = await httpfn(['chekc', '.']);
	assert.equal([code, stdout], [2, '']);
	assert.match(stderr, /^httpfn: ERR_USAGE: chekc: .*nearest is check\n/);
});

test('U-23: an error is its code, its message and a line of help, on stderr', async () => {
	const { code, stdout, stderr } = await httpfn(['check', '/nowhere']);
	assert.equal([code, stdout], [1, '']);
	assert.match(stderr, /^httpfn: ERR_CODE_FOLDER_MISSING: .*\/nowhere.*\n.+\n$/);
});

test('U-23: with --json an error is one JSON object with every mistake', async () => {
	const { code, stderr } = await httpfn(['check', '.', '--json', '--memory=1', '--bogus'], {
		HTTPFN_LISTEN: 'x',
	});
	assert.is(code, 2);
	const error = JSON.parse(stderr);
	assert.is(error.code, 'ERR_USAGE');
	const sources = error.mistakes.map(({ source }: { source: string }) => source);
	assert.equal(sources.toSorted(), ['--bogus', '--memory', 'HTTPFN_LISTEN']);
});

test('U-22: wrong usage and wrong settings end with 2, a function that is refused with 1', async () => {
	await using folder = await functionFolder({ 'bootstrap.sh': 'true\n' });
	const lines = [
		['version', 'x'],
		['run', folder.path, '--memory', '5'],
		['check', folder.path],
		['run', folder.path],
	];
	const results = await Promise.all(lines.map((argv) => httpfn(argv)));
	assert.equal(
		results.map(({ code }) => code),
		[2, 2, 1, 1],
	);
	const codes = results.map(({ stderr }) => /ERR_\w+/.exec(stderr)?.[0]);
	assert.equal(codes, ['ERR_USAGE', 'ERR_CONFIG_INVALID', 'ERR_BOOTSTRAP_NAME', 'ERR_BOOTSTRAP_NAME']);
});

test('U-24: version names the product, the engine and the platform, for people and programs', async () => {
	const [text, json, flag] = await Promise.all([
		httpfn(['version']),
		httpfn(['version', '--json']),
		httpfn(['--version']),
	]);
	assert.match(text.stdout, /^httpfn \S+ \((node|bun|deno) \S+, \S+, \S+\)\n$/);
	assert.is(flag.stdout, text.stdout);
	const found = JSON.parse(json.stdout);
	assert.equal(Object.keys(found), ['version', 'commit', 'engine', 'engineVersion', 'platform']);
});

test('U-25: check says OK with the settings that a run would have', async () => {
	await using folder = await functionFolder({
		bootstrap: 'true\n',
		'httpfn.json': '{"memory":256,"name":"hello"}',
	});
	const [text, json] = await Promise.all([
		httpfn(['check', folder.path, '--env', 'A=1']),
		httpfn(['check', folder.path, '--json']),
	]);
	assert.equal([text.code, text.stderr], [0, '']);
	assert.match(text.stdout, /^OK\n/);
	const found = JSON.parse(json.stdout);
	assert.equal([found.ok, found.name, found.memoryMb, found.timeoutSeconds], [true, 'hello', 256, 3]);
	assert.is(found.config, `${folder.path}/httpfn.json`);
});

test('U-13: where there are no namespaces, asking for them is refused before anything is started', async () => {
	await using folder = await functionFolder({ bootstrap: 'true\n' });
	for (const command of ['check', 'run', 'invoke']) {
		const { code, stdout, stderr } = await withoutNamespaces([
			command,
			folder.path,
			'--isolation',
			'namespace',
		]);
		assert.equal([code, stdout], [1, '']);
		assert.match(stderr, 'ERR_ISOLATION_UNAVAILABLE');
	}
});

test('U-13: where there are no namespaces, auto is direct, and the log says why', async () => {
	await using folder = await functionFolder({ bootstrap: 'exit 3\n' });
	const { code, stderr } = await withoutNamespaces(['invoke', folder.path, '--log-format', 'json']);
	assert.is(code, 1);
	const [first] = stderr.split('\n');
	assert.ok(JSON.parse(first ?? '').advice);
});

test('U-82: doctor --isolation namespace fails where there are none, doctor alone does not', async () => {
	const [asked, alone, wrong] = await Promise.all([
		withoutNamespaces(['doctor', '--isolation', 'namespace', '--json']),
		withoutNamespaces(['doctor', '--json']),
		httpfn(['doctor', '--isolation', 'vm']),
	]);
	assert.equal([asked.code, alone.code, wrong.code], [1, 0, 2]);
	const { capabilities } = JSON.parse(asked.stdout);
	const isolation = capabilities.find(({ name }: { name: string }) => name === 'isolation');
	assert.is(isolation.state, 'missing');
});

test.run();
