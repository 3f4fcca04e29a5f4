import { execFileSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { placeEnvironment, startScript } from '../../src/isolation/init-script.ts';
import { SETTINGS } from '../contract/settings-fixture.ts';

const test = suite('init script');

test('I-20: any text of a variable reaches the function unchanged', () => {
	const values = { QUOTES: `it's "quoted" \`x\` $HOME \\ !`, LINES: 'one\ntwo\n', EMPTY: '' };
	const script = startScript('/bin/bash', values).replace(/cd .*/, 'env -0');
	const printed = execFileSync('/bin/bash', ['--norc', '-c', script.replace(/^exec 4<&-$/m, '')], {
		env: {},
		encoding: 'utf8',
	});
	const seen = Object.fromEntries(printed.split('\0').map((line) => line.split(/=([\s\S]*)/).slice(0, 2)));
	for (const [name, value] of Object.entries(values)) assert.is(seen[name], value, name);
});

test('I-21: the code of the bootstrap’s exit is the place’s, 128 and more for a signal', () => {
	const run = (command: string): number | null => {
		const script = startScript('/bin/bash', {})
			.replace(/cd .*/, command)
			.replace(/^exec 4<&-$/m, '');
		try {
			execFileSync('/bin/bash', ['--norc', '-c', script], { stdio: 'ignore' });
			return 0;
		} catch (error) {
			return (error as { status: number | null }).status;
		}
	};
	assert.is(run('exit 0'), 0);
	assert.is(run('exit 7'), 7);
	assert.is(run('kill -TERM $BASHPID'), 143);
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
	assert.is(environment.PATH, '/usr/bin');
});

test.run();
