import fs from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as z from 'zod/mini';
import { referencePages } from '../../scripts/generate-reference.ts';
import { FIELD_KEYS, FIELDS, settingsSchema } from '../../src/config/schema.ts';

const test = suite('reference pages');
const DOCS = path.resolve(import.meta.dirname, '../../docs');

test('U-14: the reference pages and the JSON Schema are what the code gives', async () => {
	for (const [name, page] of await referencePages()) {
		assert.ok(
			fs.readFileSync(path.join(DOCS, name), 'utf8') === page,
			`run scripts/generate-reference.ts: ${name}`,
		);
	}
});

test('U-14: every setting has a place on the page, and a property in the schema', async () => {
	const pages = await referencePages();
	const schema = JSON.parse(pages.get('httpfn.schema.json') ?? '');
	assert.equal(Object.keys(schema.properties), ['$schema', ...FIELD_KEYS, 'strategy_config']);
	for (const key of FIELD_KEYS) assert.match(pages.get('configuration.md') ?? '', FIELDS[key].variable);
});

test('U-4: every default is a value that the schema lets pass', () => {
	const defaults = FIELD_KEYS.map((key) => [key, FIELDS[key].fallback]);
	assert.ok(z.safeParse(settingsSchema(), Object.fromEntries(defaults)).success);
});

test.run();
