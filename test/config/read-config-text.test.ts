import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Mistake } from '../../src/config/config-error.ts';
import { plainValue } from '../../src/config/config-node.ts';
import { readConfigText } from '../../src/config/read-config-text.ts';

const test = suite('readConfigText');

async function read(text: string, name = 'a.yaml'): Promise<{ value: unknown; mistakes: Mistake[] }> {
	const mistakes: Mistake[] = [];
	const node = await readConfigText({ label: name, path: `/x/${name}`, text }, mistakes);
	return { value: node === null ? null : plainValue(node), mistakes };
}

test('U-57: anchors and aliases repeat what they name; merge keys are keys like others', async () => {
	const { value, mistakes } = await read('a: &x { b: 1 }\nc: *x\n<<: *x\n');
	assert.equal([value, mistakes], [{ a: { b: 1 }, c: { b: 1 }, '<<': { b: 1 } }, []]);
});

test('U-57: keys are text, however they look; times and words such as no stay text', async () => {
	const { value } = await read('1.10: a\ntrue: 2026-01-01T00:00:00Z\nno: no\nn: 0x10\n');
	assert.equal(value, { '1.10': 'a', true: '2026-01-01T00:00:00Z', no: 'no', n: 16 });
});

test('U-57: a key that stands twice, an unknown tag, a second document and an unknown alias are mistakes with a place', async () => {
	const texts = [
		'a: 1\nb: 2\na: 3\n',
		'a: !x 1\n',
		'a: 1\n---\nb: 1\n',
		'a: 1\nb: *x\n',
		'a: {\n',
		'? [1]\n: 2\n',
	];
	const lines = await Promise.all(texts.map(async (text) => (await read(text)).mistakes[0]?.position?.line));
	assert.equal(lines, [3, 1, 2, 2, 2, 1]);
});

test('U-57: aliases of aliases, aliases of themselves and brackets by the thousand are refused, not followed', async () => {
	let bomb = 'a0: &a0 [x,x,x,x,x,x,x,x,x]\n';
	for (let level = 1; level < 12; level++) {
		bomb += `a${level}: &a${level} [${Array(9)
			.fill(`*a${level - 1}`)
			.join(',')}]\n`;
	}
	const texts = [
		bomb,
		'a: &a\n  b: *a\n',
		'['.repeat(100_000),
		`${'['.repeat(40)}${']'.repeat(40)}`,
		'x'.repeat(17e6),
	];
	for (const text of texts) {
		const { value, mistakes } = await read(text);
		assert.is(value, null);
		assert.ok(mistakes.length > 0 && mistakes.length <= 10);
	}
});

test('U-57: __proto__ is a key like any other', async () => {
	const { value } = await read('__proto__: { x: 1 }\n');
	assert.equal(Object.keys(value as object), ['__proto__']);
	assert.is(Reflect.get(value as object, 'x'), undefined);
});

test('U-58: a file called .json holds JSON, tabs and all, and nothing that only YAML has', async () => {
	assert.equal((await read('\uFEFF{\n\t"a": [1, "x"]\n}\n', 'a.json')).value, { a: [1, 'x'] });
	for (const text of ['{"a": 1,}', '{a: 1}', 'a: 1', '{"a": 1} # x', "{'a': 1}", '{"a": .5}']) {
		assert.ok((await read(text, 'a.json')).mistakes.length > 0, text);
	}
});

test.run();
