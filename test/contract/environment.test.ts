import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkEnvironment, functionEnvironment } from '../../src/contract/environment.ts';
import { SETTINGS } from './settings-fixture.ts';

const test = suite('environment');

test('C-9: a function finds every RUNTIME variable of the platform', () => {
	assert.equal(functionEnvironment(SETTINGS, {}), {
		RUNTIME_PROJECT_ID: '0910fc31530026f82fd0c018a303517e',
		RUNTIME_FUNC_NAME: 'hello-http',
		RUNTIME_FUNC_VERSION: 'latest',
		RUNTIME_PACKAGE: 'default',
		RUNTIME_HANDLER: 'bootstrap',
		RUNTIME_TIMEOUT: '30',
		RUNTIME_USERDATA: '{}',
		RUNTIME_CPU: '400',
		RUNTIME_MEMORY: '256',
		RUNTIME_MAX_RESP_BODY_SIZE: '6291456',
		RUNTIME_INITIALIZER_HANDLER: '',
		RUNTIME_INITIALIZER_TIMEOUT: '10',
		RUNTIME_ROOT: '/home/snuser/runtime',
		RUNTIME_CODE_ROOT: '/opt/function/code',
		RUNTIME_LOG_DIR: '/home/snuser/log',
	});
});

test('C-10: RUNTIME_USERDATA is the JSON of the user variables, which are variables of their own too', () => {
	const environment = functionEnvironment({ ...SETTINGS, environment: { GREETING: '你好 "x"', N: '' } }, {});
	assert.equal(JSON.parse(environment.RUNTIME_USERDATA ?? ''), { GREETING: '你好 "x"', N: '' });
	assert.is(environment.GREETING, '你好 "x"');
	assert.is(environment.N, '');
});

test('C-10: RUNTIME_CPU is memory / 128 * 100 + 200 millicores', () => {
	const cpu = (memoryMb: number): string | undefined =>
		functionEnvironment({ ...SETTINGS, memoryMb }, {}).RUNTIME_CPU;
	assert.equal([cpu(128), cpu(768), cpu(10_240)], ['300', '800', '8200']);
});

test('C-11: of the host a function sees PATH, HOME, LANG, LC_ALL, TZ, TMPDIR and USER, nothing else', () => {
	const host = {
		PATH: '/bin',
		HOME: '/root',
		LANG: 'C.UTF-8',
		LC_ALL: 'C',
		TZ: 'UTC',
		TMPDIR: '/tmp',
		USER: 'me',
		AWS_SECRET: 's',
		NODE_OPTIONS: '-x',
		LD_PRELOAD: 'l',
	};
	const names = Object.keys(functionEnvironment(SETTINGS, host)).filter(
		(name) => !name.startsWith('RUNTIME_'),
	);
	assert.equal(names.sort(), ['HOME', 'LANG', 'LC_ALL', 'PATH', 'TMPDIR', 'TZ', 'USER']);
});

test('C-11: the user wins over the host and the platform over the user', () => {
	const user = { PATH: '/mine', RUNTIME_MEMORY: '1' };
	const environment = functionEnvironment(
		{ ...SETTINGS, environment: user },
		{ PATH: '/bin', HOME: undefined },
	);
	assert.is(environment.PATH, '/mine');
	assert.is(environment.RUNTIME_MEMORY, '256');
	assert.not('HOME' in environment);
});

test('C-12: names are letters, digits and underscores and begin with a letter', () => {
	assert.equal(checkEnvironment({ A: '', a1_B: 'x', Z__: '=' }), []);
	for (const name of ['', '1A', '_A', 'A-B', 'A=B', 'A B', 'Ä', 'A\n']) {
		assert.is(checkEnvironment({ [name]: 'x' }).length, 1, JSON.stringify(name));
	}
});

test('C-12: preset names and values no process can be given are refused, all mistakes at once', () => {
	assert.is(checkEnvironment({ RUNTIME_CODE_ROOT: 'x' }).length, 1);
	assert.is(checkEnvironment({ RUNTIME_API_ADDR: 'x' }).length, 1);
	assert.is(checkEnvironment({ RUNTIME_MINE: 'x' }).length, 0);
	assert.is(checkEnvironment({ RUNTIME_CPU: 'x', '1': 'y', B: 'a\0b', C: '\ud800' }).length, 4);
});

test('C-13: names and values together have at most 4,096 characters', () => {
	assert.equal(checkEnvironment({ A: 'x'.repeat(4095) }), []);
	assert.is(checkEnvironment({ A: 'x'.repeat(4096) }).length, 1);
	assert.equal(checkEnvironment({ A: '😀'.repeat(4095) }), []);
	assert.is(checkEnvironment({ AB: 'x'.repeat(4000), C: 'x'.repeat(94) }).length, 1);
});

test.run();
