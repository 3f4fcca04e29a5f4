import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { initScript, placeEnvironment } from '../../src/isolation/init-script.ts';
import { PLACES } from '../../src/isolation/places.ts';
import { shellStart } from '../../src/process/shell-start.ts';
import { SETTINGS } from '../contract/settings-fixture.ts';

const test = suite('init script');
const LIMITS = { descriptorsMax: 256, processesMax: null };

function startScript(environment: Readonly<Record<string, string>>): string {
	return shellStart('/bin/bash', { cwd: PLACES.code, environment });
}

/** Runs a start script as the first process of a place would. */
function start(script: string): { code: number; printed: string } {
	const file = join(mkdtempSync(join(tmpdir(), 'httpfn-init-')), 'start');
	writeFileSync(file, script);
	const command = `exec /bin/bash --norc -c "$1" 3>/dev/null 4<"$2" 5>/dev/null <<<go 2>/dev/null`;
	try {
		const args = ['-c', command, '_', initScript(LIMITS), file];
		return {
			code: 0,
			printed: execFileSync('/bin/bash', args, {
				env: {},
				encoding: 'utf8',
				stdio: ['ignore', 'pipe', 'ignore'],
			}),
		};
	} catch (error) {
		return { code: (error as { status: number }).status, printed: '' };
	} finally {
		rmSync(dirname(file), { recursive: true });
	}
}

test('I-20: any text of a variable reaches the function unchanged', () => {
	const values = { QUOTES: `it's "quoted" \`x\` $HOME \\ !`, LINES: 'one\ntwo\n', EMPTY: '' };
	const { printed } = start(startScript(values).replace(/^cd .*$/m, 'exec env -0'));
	const seen = Object.fromEntries(printed.split('\0').map((line) => line.split(/=([\s\S]*)/).slice(0, 2)));
	for (const [name, value] of Object.entries(values)) assert.is(seen[name], value, name);
});

test('I-21: the code of the bootstrap’s exit is the place’s, 128 and more for a signal', () => {
	const codeOf = (command: string) => start(startScript({}).replace(/^cd .*$/m, command)).code;
	assert.is(codeOf('exit 0'), 0);
	assert.is(codeOf('exit 7'), 7);
	assert.is(codeOf('kill -TERM $BASHPID'), 143);
	assert.is(codeOf('exec /bin/bash -c "kill -KILL \\$\\$"'), 137);
});

test('I-23: what waits for a function ends when httpfn is gone', () => {
	const command = `exec /bin/bash --norc -c "$1" 3>/dev/null 4</dev/null 5>/dev/null </dev/null`;
	execFileSync('/bin/bash', ['-c', command, '_', initScript(LIMITS)], { stdio: 'ignore' });
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
