import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findingText } from '../../scripts/finding.ts';
import { checkSpecification } from '../../scripts/specification.ts';
import { checkTidy } from '../../scripts/tidy.ts';
import { functionFolder } from '../harness/function-folder.ts';

const test = suite('tidy');

async function untidy(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
	await using folder = await functionFolder(files);
	return checkTidy(folder.path).map(findingText);
}

async function unspecified(specification: string | null, tests: string): Promise<readonly string[]> {
	await using folder = await functionFolder({
		'test/a.test.ts': `import { suite } from 'uvu';\nconst test = suite('a');\n${tests}\ntest.run();\n`,
		...(specification === null ? {} : { 'SPECIFICATION.md': specification }),
	});
	return checkSpecification(folder.path).map(findingText);
}

const LINE = '\tvoid 0;\n';

test('B-6: a file of 301 lines and a function of 71 are named with their length; 300 and 70 pass', async () => {
	const functionOf = (lines: number) => `export function long() {\n${LINE.repeat(lines - 2)}}\n`;
	assert.equal(
		await untidy({ 'src/base/a.ts': functionOf(70), 'src/base/b.ts': 'void 0;\n'.repeat(300) }),
		[],
	);
	const [tooLong, ...others] = await untidy({ 'src/base/a.ts': `\n${functionOf(71)}` });
	assert.equal(others, []);
	assert.match(tooLong ?? '', /^src\/base\/a\.ts:2: .*long has 71 lines, wanted at most 70/);
	const [file] = await untidy({ 'src/base/b.ts': 'void 0;\n'.repeat(301) });
	assert.match(file ?? '', /^src\/base\/b\.ts: has 301 lines, wanted at most 300/);
	assert.match((await untidy({ 'src/base/aB.ts': '' })).join(), /kebab-case/);
});

test('B-7: a suite that is never run, a test left out, an unfinished note and a path of one machine are named', async () => {
	const suiteOf = (rest: string) => `import { suite } from 'uvu';\nconst test = suite('a');\n${rest}`;
	assert.equal(await untidy({ 'test/a.test.ts': suiteOf('test.run();\n') }), []);
	for (const [text, expected] of [
		[suiteOf(''), 'never runs its suite test'],
		[suiteOf(`test.${'only'}('a', () => {});\ntest.run();\n`), 'leaves tests out'],
		[suiteOf(`test.${'skip'}('a', () => {});\ntest.run();\n`), 'leaves tests out'],
		[suiteOf(`// ${'TO'}${'DO'} later\ntest.run();\n`), 'a note to finish something'],
		[suiteOf(`const a = '${'/root'}/a';\ntest.run();\n`), 'a folder of one machine'],
	] as const) {
		const findings = await untidy({ 'test/a.test.ts': text });
		assert.is(findings.length, 1, findings.join());
		assert.ok(findings[0]?.includes(expected), findings[0]);
	}
});

test('B-8: clauses and test titles must name each other, and each violation is named with its line and a fix', async () => {
	const clause = '- **C-1** (ours) A sentence. [test/a.test.ts]\n';
	const proof = "test('C-1: it holds', () => {});";
	assert.equal(await unspecified(`# Title\n\n${clause}`, proof), []);
	assert.equal(await unspecified('- **C-1** (ours) Two\n  lines. [test/a.test.ts]\n', proof), []);
	for (const [specification, tests, expected] of [
		[null, proof, 'SPECIFICATION.md: is missing'],
		[clause, '', 'SPECIFICATION.md:1: C-1 cites test/a.test.ts, where no test title begins with C-1:'],
		['', proof, 'test/a.test.ts:3: the test names C-1, which SPECIFICATION.md does not have'],
		[
			clause,
			`${proof}\ntest('it holds', () => {});`,
			'test/a.test.ts:4: the title "it holds" begins with no clause',
		],
		[`${clause}${clause}`, proof, 'SPECIFICATION.md:2: C-1 is on line 1 too'],
		[
			clause.replace('test/a', 'test/b'),
			proof,
			'SPECIFICATION.md:1: C-1 cites test/b.test.ts, which does not exist',
		],
		[`${clause}- **C-2** (certain) A. [test/a.test.ts]\n`, proof, 'SPECIFICATION.md:2: is not a clause'],
		[
			clause,
			`${proof}\nconst t = 'a';\ntest(t, () => {});`,
			'test/a.test.ts:5: the title "t" begins with no clause',
		],
	] as const) {
		const findings = await unspecified(specification, tests);
		assert.is(findings.length, 1, findings.join());
		assert.ok(findings[0]?.startsWith(expected), findings[0]);
		assert.match(findings[0] ?? '', /\n {2}fix: /);
	}
});

test.run();
