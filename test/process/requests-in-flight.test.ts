import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RequestsInFlight } from '../../src/process/requests-in-flight.ts';

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

test.run();
