import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { errorsPage, errorsPageIsCurrent } from '../../scripts/generate-errors.ts';
import { ERRORS } from '../../src/contract/errors.ts';

const test = suite('generate errors');

test('C-41: the page of errors lists every code once and is what the table says', async () => {
	const page = errorsPage();
	for (const code of Object.keys(ERRORS)) assert.is(page.split(`| \`${code}\` |`).length, 2, code);
	assert.ok(await errorsPageIsCurrent());
});

test.run();
