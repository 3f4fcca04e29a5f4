import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { errorBody, errorHeaderLines } from '../../src/contract/error-body.ts';
import { ERRORS, type ErrorCode, RuntimeError } from '../../src/contract/errors.ts';

const test = suite('error body');

test('C-40: an error body has the code of the platform, a message and the request id', () => {
	const body = errorBody('ERR_FUNCTION_TIMEOUT', 'a "b"\n', 'id');
	assert.equal(JSON.parse(body), { error_code: 'APIG.0203', error_msg: 'a "b"\n', request_id: 'id' });
});

test('C-40: a header names the exact code, and a failure of the function carries the number of the engine', () => {
	assert.is(
		errorHeaderLines('ERR_FUNCTION_TIMEOUT'),
		'X-Httpfn-Error: ERR_FUNCTION_TIMEOUT\r\nX-Func-Err-Code: 4010\r\nX-Is-Func-Err: true\r\n',
	);
	assert.is(errorHeaderLines('ERR_OVERLOADED'), 'X-Httpfn-Error: ERR_OVERLOADED\r\n');
});

test('C-41: every code has a status of an error, a code of the platform, who must act, and what to do', () => {
	for (const code of Object.keys(ERRORS) as ErrorCode[]) {
		const { row } = new RuntimeError(code, 'x');
		assert.match(code, /^ERR_[A-Z]+(?:_[A-Z]+)*$/);
		assert.ok(row.status >= 400 && row.status <= 599, code);
		assert.match(row.wire, /^(?:APIG|FSS)\.\d{4}$/);
		assert.ok(['caller', 'function', 'platform'].includes(row.fault), code);
		assert.ok(row.help.endsWith('.'), code);
		assert.is(row.engine !== undefined, row.fault === 'function', code);
	}
});

test.run();
