/** Functions started from templates by the built executable, which carries them. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TEMPLATES, type Template } from '../../src/template/templates.ts';
import { type Finished, runBinary, startFunction } from '../harness/binary.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { ON_A_TERMINAL } from '../harness/typed-command.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLES = join(ROOT, 'examples');
const ENGINES = ['bun', 'node'];

const test = suite('httpfn init');

/** Every second template on each executable. */
const OWN_TEMPLATES = TEMPLATES.filter((_, index) => ENGINES[index % 2] === process.env.HTTPFN_ENGINE);

for (const template of OWN_TEMPLATES) {
	const { name } = template;
	test(`T-1: the template ${name} gives a function that runs, that its own test finds right, and that SIGTERM ends`, async () => {
		await using place = await functionFolder({});
		const folder = join(place.path, 'hello');
		await make(template, folder);
		const running = await startFunction(folder);
		try {
			const asked = await ask(template, folder, running.url);
			assert.is(asked.code, 0, `${asked.text}\n${running.logText}`);
		} finally {
			assert.equal(await running.stop(), { code: 0, signal: null });
		}
	});
}

/** What needs packages finds those of the repository; what is built is built by init. */
async function make(template: Template, folder: string): Promise<void> {
	const { files, name } = template;
	const packaged = files.includes('package.json') || files.includes('requirements.txt');
	const made = await runBinary(['init', name, folder, ...(packaged ? [] : ['--install'])]);
	assert.is(made.code, 0, made.stderr);
	for (const file of files) {
		const original = await readFile(join(EXAMPLES, template.folder, file));
		assert.ok(original.equals(await readFile(join(folder, file))), `${file} is that of the repository`);
	}
	if (packaged) await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}

async function ask(
	{ test: line }: Template,
	cwd: string,
	url: string,
): Promise<{ code: number | null; text: string }> {
	const [program = '', ...argv] = [...line.split(' '), url];
	const child = spawn(program, argv, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
	let text = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (part: string) => {
			text += part;
		});
	}
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	return { code, text };
}

test('T-14: the test of every template fails on an answer that is wrong, and on one that is an error', async () => {
	for (const status of [200, 500]) {
		const server = createServer((_, response) => {
			response.writeHead(status).end('Hello from elsewhere');
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const asked = TEMPLATES.map(async (template) => {
			const { code } = await ask(template, join(EXAMPLES, template.folder), url);
			assert.is(code, 1, template.name);
		});
		await Promise.all(asked);
		await new Promise((resolve) => server.close(resolve));
	}
});

/** A disk of its own that holds only the folder `above`; what lies below it at the end is told on stdout. */
const SMALL_DISK =
	'mount -t tmpfs -o size="$1" httpfn "$0" && mkdir "$0/above" && mount -o remount,"$2" "$0" && disk="$0" && shift 2 && ' +
	'{ "$@"; code=$?; find "$disk/above" -mindepth 1; exit $code; }';

async function onDisk(size: string, mode: 'ro' | 'rw'): Promise<Finished> {
	const disk = await mkdtemp(join(tmpdir(), 'httpfn-disk-'));
	try {
		const prefix = ['unshare', '--mount', 'sh', '-c', SMALL_DISK, disk, size, mode];
		return await runBinary(['init', 'rust', join(disk, 'above/new/hello'), '--json'], { prefix });
	} finally {
		await rm(disk, { recursive: true });
	}
}

test('T-7: on a full disk, and on one that may only be read, init says so and leaves nothing', async () => {
	for (const [size, mode, found] of [
		['16k', 'rw', 'ENOSPC'],
		['1m', 'ro', 'EROFS'],
	] as const) {
		const { code, stdout, stderr } = await onDisk(size, mode);
		assert.equal([code, stdout], [1, ''], stderr);
		const error = JSON.parse(stderr);
		assert.is(error.code, 'ERR_FOLDER_UNWRITABLE');
		assert.match(error.message, new RegExp(`\\(${found}\\)$`));
	}
});

test('T-15: the executable asks on a terminal, too', async () => {
	await using place = await functionFolder({});
	const { code, stdout } = await runBinary(['init'], {
		prefix: ON_A_TERMINAL,
		cwd: place.path,
		input: 'php\nshop\n',
	});
	assert.is(code, 0, stdout);
	assert.equal((await readdir(join(place.path, 'shop'))).sort(), [
		'README.md',
		'bootstrap',
		'index.php',
		'test',
	]);
});

test.run();
