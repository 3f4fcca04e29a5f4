import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIMITS } from '../../src/contract/limits.ts';

const test = suite('limits');

test('C-42: the numbers of the platform are the documented ones', () => {
	assert.is(LIMITS.functionPort, 8000);
	assert.is(LIMITS.functionHost, '127.0.0.1');
	assert.is(LIMITS.responseBodyBytesMax, 6_291_456);
	assert.is(LIMITS.envelopeBytesMax, 6_291_556);
	assert.is(LIMITS.streamBodyBytesMax, 209_715_200);
	assert.is(LIMITS.requestBodyBytesMax, 6_291_456);
	assert.is(LIMITS.targetBytesMax, 32_768);
	assert.is(LIMITS.headerLineBytesMax, 32_768);
	assert.is(LIMITS.headBytesMax, 131_072);
	assert.is(LIMITS.timeoutSecondsDefault, 3);
	assert.is(LIMITS.memoryMbDefault, 128);
});

test.run();
