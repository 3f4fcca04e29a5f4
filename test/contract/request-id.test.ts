import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { apigRequestId, newRequestId } from '../../src/contract/request-id.ts';

const test = suite('request id');

test('C-1: a request id is a lower-case UUID v4 and no two are the same', () => {
	const ids = Array.from({ length: 1000 }, newRequestId);
	for (const id of ids) {
		assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
	}
	assert.is(new Set(ids).size, ids.length);
});

test('C-1: the gateway form of an id is its 32 hexadecimal digits', () => {
	assert.is(apigRequestId('01234567-89ab-4cde-8f01-23456789abcd'), '0123456789ab4cde8f0123456789abcd');
	const id = newRequestId();
	assert.is(apigRequestId(id), id.replaceAll('-', ''));
});

test.run();
