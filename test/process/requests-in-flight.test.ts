import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RequestsInFlight } from '../../src/process/requests-in-flight.ts';
import { StubIsolation } from './stub-isolation.ts';
import { lived } from './support.ts';

const test = suite('requests in flight');

test('S-34: a line read just after its request ended still belongs to it, unless requests overlapped', () => {
	const requests = new RequestsInFlight();
	assert.is(requests.speaker(), null);
	requests.enter('a');
	assert.is(requests.speaker(), 'a');
	requests.leave('a');
	assert.is(requests.speaker(), 'a');
	requests.enter('b');
	requests.enter('c');
	assert.is(requests.speaker(), null, 'two at once');
	requests.leave('b');
	assert.is(requests.speaker(), 'c');
	requests.leave('c');
	assert.is(requests.speaker(), null, 'b may have written it');
	assert.is(requests.count, 0);
});

test('S-44: the sandbox is told when the first request comes and when the last has gone', async () => {
	const isolation = new StubIsolation();
	await lived(
		'answers',
		async ({ instance }) => {
			await instance.start();
			instance.enter('a');
			instance.enter('b');
			assert.is(instance.requestCount, 2);
			instance.leave('a');
			assert.equal(isolation.sandbox.calls, ['busy']);
			instance.leave('b');
			assert.is(instance.requestCount, 0);
			instance.enter('c');
			instance.leave('c');
			assert.equal(isolation.sandbox.calls, ['busy', 'idle', 'busy', 'idle']);
		},
		{ isolation },
	);
});

test.run();
