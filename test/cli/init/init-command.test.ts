import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TEMPLATES } from '../../../src/template/templates.ts';
import { functionFolder } from '../../harness/function-folder.ts';
import { runSource, type SourceOptions } from '../../harness/source-process.ts';
import { TypedCommand } from '../../harness/typed-command.ts';

const test = suite('httpfn init');

function init(argv: readonly string[], options: SourceOptions): ReturnType<typeof runSource> {
	return runSource('src/cli/main.ts', ['init', ...argv], options);
}

test('T-3: init says what it has written, and what to type next; with --json a program is told', async () => {
	await using place = await functionFolder({});
	const options = { cwd: place.path };
	const plain = await init(['express', "my function's"], options);
	assert.is(plain.code, 0, plain.stderr);
	assert.match(plain.stdout, /written: .*\bindex\.mjs\b/);
	assert.match(plain.stdout, /^ {2}cd 'my function'\\''s'\n {2}npm install --omit=dev\n {2}httpfn run /m);
	const { code, stdout } = await init(['node', '--json', '--', '-dash'], options);
	assert.is(code, 0);
	assert.equal(JSON.parse(stdout), {
		template: 'node',
		folder: join(place.path, '-dash'),
		written: ['README.md', 'bootstrap', 'index.mjs', 'test'],
		replaced: [],
		unchanged: [],
		setupDone: false,
		next: ['cd ./-dash', 'httpfn run', 'curl http://127.0.0.1:8080/', 'sh test'],
	});
});

test('T-8: without a terminal what is missing or wrong is an error that lists the templates, and nothing is made', async () => {
	await using place = await functionFolder({});
	for (const [argv, sources] of [
		[[], ['TEMPLATE', 'DIR']],
		[['node'], ['DIR']],
		[['nod', 'hello'], ['TEMPLATE']],
		[['node', ''], ['DIR']],
		[['node', 'hello', '--name', '9 lives'], ['--name']],
	] as const) {
		const { code, stdout, stderr } = await init([...argv, '--json'], { cwd: place.path });
		assert.equal([code, stdout], [2, '']);
		const { mistakes } = JSON.parse(stderr) as { mistakes: { source: string; problem: string }[] };
		assert.equal(
			mistakes.map(({ source }) => source),
			sources,
		);
		const [first] = mistakes;
		if (first?.source === 'TEMPLATE') {
			for (const { name } of TEMPLATES) assert.match(first.problem, new RegExp(`\\b${name}\\b`));
		}
	}
	assert.equal(await readdir(place.path), []);
});

test('T-9: init --list names every template with what it is and what has to run first, and makes nothing', async () => {
	await using place = await functionFolder({});
	const { code, stdout } = await init(['--list', '--json'], { cwd: place.path });
	assert.is(code, 0);
	const { templates } = JSON.parse(stdout) as { templates: object[] };
	assert.equal(
		templates,
		TEMPLATES.map(({ name, summary, setup, test }) => ({ name, summary, setup, test })),
	);
	const plain = await init(['--list'], { cwd: place.path });
	for (const { name } of TEMPLATES) assert.match(plain.stdout, new RegExp(`^${name} `, 'm'));
	assert.equal(await readdir(place.path), []);
});

test('T-11: --install runs what the template needs before it can run; where that fails, so does init, and the files stay', async () => {
	await using place = await functionFolder({});
	const bin = join(place.path, 'bin');
	await mkdir(bin);
	await symlink('/bin/bash', join(bin, 'bash'));
	const { code, stdout, stderr } = await init(['express', 'hello', '--install', '--json'], {
		cwd: place.path,
		env: { PATH: bin },
	});
	assert.equal([code, stdout], [1, '']);
	const [command, ...rest] = stderr.trim().split('\n');
	assert.is(command, 'npm install --omit=dev');
	assert.is(JSON.parse(rest.at(-1) ?? '').code, 'ERR_SETUP_FAILED');
	assert.ok(existsSync(join(place.path, 'hello/index.mjs')));
});

test('T-12: on a terminal it asks for template and folder, by number or name, with defaults, and again where the answer cannot be', async () => {
	await using place = await functionFolder({ 'full/mine': 'kept' });
	await using typed = new TypedCommand(['init'], place.path);
	await typed.answer('Template, by number or name [1]: ', '99\n');
	await typed.answer('Template, by number or name [1]: ', 'python\n');
	await typed.answer('Folder [hello]: ', 'full\n');
	await typed.answer('Folder [hello]: ', '\n');
	assert.is((await typed.exited).code, 0, typed.shown);
	assert.match(typed.shown, /found "99", wanted a number from 1 to /);
	assert.match(typed.shown, /"full" holds files/);
	assert.equal(await readdir(join(place.path, 'full')), ['mine']);
	assert.match(await readFile(join(place.path, 'hello/index.py'), 'utf8'), /Hello from Python/);

	await using second = new TypedCommand(['init'], place.path);
	await second.answer('Template, by number or name [1]: ', '\n');
	await second.answer('Folder [hello]: ', './second\n');
	assert.is((await second.exited).code, 0, second.shown);
	assert.ok(existsSync(join(place.path, 'second/index.mjs')), 'the first template is the default');
});

test('T-13: Ctrl-C while it asks ends it with 130, the end of input with 2, and neither leaves anything', async () => {
	await using place = await functionFolder({});
	for (const [key, code] of [
		['\u0003', 130],
		['\u0004', 2],
	] as const) {
		await using typed = new TypedCommand(['init', 'node'], place.path);
		await typed.answer('Folder [hello]: ', key);
		assert.is((await typed.exited).code, code, typed.shown);
	}
	assert.equal(await readdir(place.path), []);
});

test.run();
