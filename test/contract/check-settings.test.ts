import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
	checkInitTimeout,
	checkMemory,
	checkSettings,
	checkTimeout,
} from '../../src/contract/check-settings.ts';
import { SETTINGS } from './settings-fixture.ts';

const test = suite('check settings');

test('C-16: memory is one of fifteen sizes from 128 to 10,240 MB', () => {
	for (const size of [
		128, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 8192, 10_240,
	]) {
		assert.equal(checkMemory(size), [], String(size));
	}
	for (const size of [0, 64, 127, 129, 384, 6144, 10_241, Number.NaN]) {
		assert.is(checkMemory(size).length, 1, String(size));
	}
});

test('C-17: a timeout is 3 to 259,200 whole seconds, and at most 300 for a function that streams', () => {
	assert.equal(
		[3, 259_200].flatMap((seconds) => checkTimeout(seconds, false)),
		[],
	);
	assert.equal(
		[3, 300].flatMap((seconds) => checkTimeout(seconds, true)),
		[],
	);
	for (const seconds of [2, 259_201, 3.5, Number.NaN]) assert.is(checkTimeout(seconds, false).length, 1);
	assert.is(checkTimeout(301, true).length, 1);
});

test('C-17: an init timeout is 1 to 300 whole seconds', () => {
	assert.equal([1, 300].flatMap(checkInitTimeout), []);
	for (const seconds of [0, 301, 1.5, Number.POSITIVE_INFINITY])
		assert.is(checkInitTimeout(seconds).length, 1);
});

test('C-18: every mistake in a function is told at once', () => {
	assert.equal(checkSettings(SETTINGS), []);
	const mistakes = checkSettings({
		...SETTINGS,
		codeRoot: 'relative',
		name: '9',
		package: '',
		version: '',
		projectId: 'a:b',
		region: ' ',
		memoryMb: 100,
		timeoutSeconds: 301,
		streamResponse: true,
		initTimeoutSeconds: 0,
		environment: { _A: '', RUNTIME_CPU: '' },
	});
	assert.is(mistakes.length, 11);
});

test.run();
