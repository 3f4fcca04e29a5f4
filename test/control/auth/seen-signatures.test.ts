import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SeenSignatures } from '../../../src/control/auth/seen-signatures.ts';

const test = suite('seen signatures');
const MINUTE_MS = 60_000;

test('A-111: the last 20,000 signatures are remembered, and the oldest go first', () => {
	const seen = new SeenSignatures();
	for (let number = 0; number <= 20_000; number++) assert.ok(seen.admit(`${number}`, 0));
	assert.not(seen.admit('1', MINUTE_MS));
	assert.not(seen.admit('20000', MINUTE_MS));
	assert.ok(seen.admit('0', MINUTE_MS), 'the first is forgotten');
});

test('A-111: what no date can be good for any more is forgotten', () => {
	const seen = new SeenSignatures();
	seen.admit('old', 0);
	assert.not(seen.admit('old', 30 * MINUTE_MS));
	seen.admit('new', 32 * MINUTE_MS);
	assert.ok(seen.admit('old', 32 * MINUTE_MS));
});

test.run();
