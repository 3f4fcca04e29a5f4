import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { apiCoveragePage } from '../../scripts/generate-api-coverage.ts';
import { ALL_OPERATIONS, REFUSED_OPERATIONS } from '../../src/control/operations.ts';

const test = suite('generate API coverage');

test('A-92: docs/api-coverage.md has every operation once, served or refused with which code, and is what the table says', () => {
	const page = apiCoveragePage();
	for (const { id, method, path } of [...ALL_OPERATIONS, ...REFUSED_OPERATIONS])
		assert.is(page.split(`| \`${id}\` | ${method} | \`${path}\` |`).length, 2, id);
	assert.match(page, '400 FSS.0400');
	assert.is(readFileSync(new URL('../../docs/api-coverage.md', import.meta.url), 'utf8'), page);
});

test.run();
