import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Variables } from '../../src/contract/environment.ts';
import { initScript, PLACE_WAIT, placeEnvironment } from '../../src/isolation/init-script.ts';
import { PLACES } from '../../src/isolation/places.ts';
import { shellStart } from '../../src/process/shell-start.ts';
import { SETTINGS } from '../contract/settings-fixture.ts';

const test = suite('init script');
const BASH = '/bin/bash';
const LIMITS = { descriptorsMax: 256, processesMax: null };

function startScript(environment: Variables, born: Variables = {}): string {
	return shellStart(BASH, { cwd: PLACES.code, environment, born });
}

/** Runs a start script as the first process of a place would: it is there when the shell tells that it waits. */
async function start(
	script: string,
	born: Variables = {},
): Promise<{ code: number | null; printed: string }> {
	const folder = mkdtempSync(join(tmpdir(), 'httpfn-init-'));
	const file = join(folder, 'start');
	writeFileSync(file, PLACE_WAIT);
	const fd = openSync(file, 'r');
	try {
		const child = spawn(BASH, ['--norc', '-c', initScript(LIMITS, BASH, born)], {
			env: {},
			stdio: ['pipe', 'pipe', 'ignore', 'pipe', fd, 2],
		});
		const [stdin, stdout, , told] = child.stdio as unknown as [Writable, Readable, null, Readable];
		const ended = once(child, 'close');
		await once(told, 'data');
		told.resume();
		writeFileSync(file, script);
		stdin.write('\n');
		const printed = await text(stdout);
		const [code] = await ended;
		return { code, printed };
	} finally {
		closeSync(fd);
		rmSync(folder, { recursive: true });
	}
}

/** What a program sees that the shell becomes. */
async function environmentOf(variables: Variables, born: Variables): Promise<Variables> {
	const script = startScript(variables, born).replace(/^cd .*$/m, 'exec env -0');
	const { printed } = await start(script, born);
	const words = printed.split('\0').filter((word) => word !== '');
	return Object.fromEntries(words.map((word) => word.split(/=([\s\S]*)/).slice(0, 2)));
}

test('I-20: any text of a variable reaches the function unchanged', async () => {
	const values = { QUOTES: `it's "quoted" \`x\` $HOME \\ !`, LINES: 'one\ntwo\n', EMPTY: '' };
	const seen = await environmentOf(values, {});
	for (const [name, value] of Object.entries(values)) assert.is(seen[name], value, name);
});

test('I-26: a function has its own variables, whatever the process that waited for it was born with', async () => {
	const own = { LANG: 'C', SAME: "it's", CHANGED: '', NEW: '2' };
	const seen = await environmentOf(own, { LANG: 'C', SAME: "it's", CHANGED: 'before', GONE: '1' });
	for (const [name, value] of Object.entries(own)) assert.is(seen[name], value, name);
	assert.is(seen.GONE, undefined);
});

test('I-21: the code of the bootstrap’s exit is the place’s, 128 and more for a signal', async () => {
	const codeOf = async (command: string) => (await start(startScript({}).replace(/^cd .*$/m, command))).code;
	assert.is(await codeOf('exit 0'), 0);
	assert.is(await codeOf('exit 7'), 7);
	assert.is(await codeOf('kill -TERM $BASHPID'), 143);
	assert.is(await codeOf('exec /bin/bash -c "kill -KILL \\$\\$"'), 137);
});

test('I-25: a variable that bash takes only when it starts has another bash run the bootstrap', async () => {
	const cwd = mkdtempSync(join(tmpdir(), 'httpfn-init-'));
	writeFileSync(join(cwd, 'bootstrap'), 'echo "$FROM_FILE of $0"');
	writeFileSync(join(cwd, 'variables'), 'FROM_FILE=words');
	const environment = { BASH_ENV: join(cwd, 'variables') };
	const { printed } = await start(shellStart(BASH, { cwd, environment, born: {} }));
	rmSync(cwd, { recursive: true });
	assert.is(printed, `words of ${join(cwd, 'bootstrap')}\n`);
});

test('I-23: what waits for a function ends when httpfn is gone', () => {
	const file = join(mkdtempSync(join(tmpdir(), 'httpfn-init-')), 'start');
	writeFileSync(file, PLACE_WAIT);
	const command = `exec ${BASH} --norc -c "$1" 3>/dev/null 4<"$2" 5>/dev/null </dev/null`;
	execFileSync(BASH, ['-c', command, '_', initScript(LIMITS, BASH, {}), file], { stdio: 'ignore' });
	rmSync(dirname(file), { recursive: true });
});

test('I-22: code root, home and user are those inside; folders of the host’s user are not named', () => {
	const environment = placeEnvironment(SETTINGS, {
		PATH: '/usr/bin',
		HOME: '/root',
		TMPDIR: '/x',
		USER: 'root',
	});
	assert.is(environment.RUNTIME_CODE_ROOT, '/opt/function/code');
	assert.is(environment.HOME, '/tmp');
	assert.is(environment.USER, 'snuser');
	assert.is(environment.TMPDIR, undefined);
	assert.match(environment.PATH ?? '', /^\/usr\/bin(?::|$)/);
});

test.run();
