import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveSettings } from '../../src/config/resolve-settings.ts';
import type { FieldKey } from '../../src/config/schema.ts';
import { scalingFor } from '../../src/server/hosted-function.ts';

const test = suite('scalingFor');

function plan(flags: readonly (readonly [FieldKey, string[]])[] = []) {
	const none = { environment: {}, configPath: null, mistakes: [], folder: '/tmp', workingFolder: '/tmp' };
	return resolveSettings({ ...none, flags: new Map(flags) });
}

test('U-54: direct isolation, which has one instance, gives it 1,000 places where concurrentNum was not given', () => {
	assert.is(scalingFor(plan(), 'namespace').requestsPerInstanceMax, 1);
	assert.is(scalingFor(plan(), 'direct').requestsPerInstanceMax, 1000);
	assert.is(scalingFor(plan([['concurrentNum', ['1']]]), 'direct').requestsPerInstanceMax, 1);
});

test.run();
