import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseStart, startMessage, suitsZygote } from '../../src/contract/edge-start.ts';

const test = suite('edge start');

test('Z-13: variables that an engine reads once keep a function from zygotes, and no others do', () => {
	for (const name of [
		'LANG',
		'LC_ALL',
		'NODE_OPTIONS',
		'LD_PRELOAD',
		'https_proxy',
		'UV_THREADPOOL_SIZE',
		'BUN_JSC_x',
	]) {
		assert.is(suitsZygote({ environment: { OTHER: '', [name]: '' } }), false, name);
		assert.is(suitsZygote({ environment: {}, toolEnvironment: { [name]: '' } }), false, name);
	}
	for (const name of ['NODE_ENV', 'TZ', 'DATABASE_URL', 'LANGUAGES', 'MY_NODE_OPTIONS']) {
		assert.is(suitsZygote({ environment: { [name]: '' } }), true, name);
	}
});

test('Z-4: a start message says folder, module and every variable, whatever text they are', () => {
	const start = { cwd: '/a "b"', bundle: '/c\n', environment: { A: '{}', B: '\u2028', __proto__x: '' } };
	assert.equal(parseStart(startMessage(start)), start);
	assert.throws(() => parseStart('{}'), /without cwd/);
});

test.run();
