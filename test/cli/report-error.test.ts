import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportError } from '../../src/cli/report-error.ts';
import { RuntimeError } from '../../src/contract/errors.ts';

const test = suite('report-error');

test('Q-52: control characters of a message, which may be of a file from anywhere, are shown as escapes', () => {
	const error = new RuntimeError('ERR_PACKED_INVALID', 'its manifest is wrong:\n\u001b]0;x\u0007\u009b2J');
	const { text } = reportError(error, 'text');
	assert.match(text, 'ERR_PACKED_INVALID: its manifest is wrong:\n\\u001b]0;x\\u0007\\u009b2J\n');
});

test.run();
