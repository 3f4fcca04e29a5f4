import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findHandler } from '../../src/edge-host/find-handler.ts';
import { thrownCode } from '../contract/thrown-code.ts';

const test = suite('find the handler');
const REQUEST = new Request('http://localhost/');

test('X-4: an object with fetch keeps its this, and gets env and context', () => {
	const owner = {
		name: 'owner',
		fetch(_request: Request, env: unknown, context: unknown) {
			return [this.name, env, context];
		},
	};
	assert.equal(findHandler({ default: owner })?.(REQUEST, 'env', 'context'), ['owner', 'env', 'context']);
});

test('X-4: a function, a function with fetch, and a default within a default answer', () => {
	const answer = () => 'plain';
	assert.is(findHandler({ default: answer })?.(REQUEST, null, null), 'plain');
	const application = Object.assign(() => 'wrong', { fetch: () => 'application' });
	assert.is(findHandler({ default: application })?.(REQUEST, null, null), 'application');
	const common = { __esModule: true, default: { fetch: () => 'inner' } };
	assert.is(findHandler({ default: common })?.(REQUEST, null, null), 'inner');
});

test('X-9: nothing to answer is no handler; what can not answer is refused', () => {
	for (const exports of [
		{},
		{ default: undefined },
		{ default: null },
		{ default: {} },
		{ fetch: () => 1 },
	]) {
		assert.is(findHandler(exports), null);
	}
	for (const unusable of [class {}, { scheduled() {} }, 'text', 7, { fetch: 'text' }]) {
		assert.is(
			thrownCode(() => findHandler({ default: unusable })),
			'ERR_EDGE_HANDLER',
		);
	}
});

test.run();
