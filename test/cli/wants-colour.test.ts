import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wantsColour } from '../../src/cli/wants-colour.ts';

const test = suite('wantsColour');

test('U-41: colours are for terminals only, and never where NO_COLOR has a value', () => {
	assert.is(wantsColour(true, {}), true);
	assert.is(wantsColour(true, { NO_COLOR: '' }), true);
	assert.is(wantsColour(true, { NO_COLOR: '1' }), false);
	assert.is(wantsColour(false, {}), false);
});

test.run();
