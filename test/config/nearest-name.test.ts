import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nearestName } from '../../src/config/nearest-name.ts';

const test = suite('nearestName');
const FLAGS = ['--memory', '--timeout', '--init-timeout', '--env', '--env-file'];

test('U-21: letters left out, doubled, swapped or mistaken lead to the nearest name', () => {
	const typed = ['--memry', '--memmory', '--mmeory', '--TIMEOUT', '--inittimeout', '--envfile'];
	const expected = ['--memory', '--memory', '--memory', '--timeout', '--init-timeout', '--env-file'];
	assert.equal(
		typed.map((word) => nearestName(word, FLAGS)),
		expected,
	);
});

test('U-21: a word that is near to none names none', () => {
	assert.is(nearestName('--something-else', FLAGS), null);
});

test.run();
