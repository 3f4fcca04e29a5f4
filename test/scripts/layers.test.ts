import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findingText } from '../../scripts/finding.ts';
import { checkLayers } from '../../scripts/layers.ts';
import { functionFolder } from '../harness/function-folder.ts';

const test = suite('layers');

/** What the check says about a repository of these files, each finding as one text. */
async function found(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
	await using folder = await functionFolder({ 'package.json': '{"dependencies":{"zod":"1.0.0"}}', ...files });
	return checkLayers(folder.path).map(findingText);
}

const EXPORTED = 'export const value = 1;\n';

test('B-2: an import from a higher layer or from another folder of the same one is named with its file and a fix', async () => {
	const upward = await found({
		'src/contract/low.ts': "\nimport { value } from '../cli/high.ts';\nexport const twice = value;\n",
		'src/cli/high.ts': EXPORTED,
	});
	assert.is(upward.length, 1);
	assert.match(
		upward[0] ?? '',
		/^src\/contract\/low\.ts:2: imports \.\.\/cli\/high\.ts: contract \(layer 1\)/,
	);
	assert.match(upward[0] ?? '', /\n {2}fix: /);
	const sideways = await found({
		'src/http1/left.ts': "import type { Right } from '../contract/right.ts';\nexport type Left = Right;\n",
		'src/contract/right.ts': 'export type Right = string;\n',
	});
	assert.is(sideways.length, 1);
	assert.match(sideways[0] ?? '', /lie on one layer/);
});

test('B-2: imports downward, within a folder, of node: modules and of declared packages pass', async () => {
	const legal = await found({
		'src/base/low.ts': EXPORTED,
		'src/cli/near.ts': EXPORTED,
		'src/cli/high.ts':
			"import { readFile } from 'node:fs/promises';\nimport * as z from 'zod/mini';\nimport { value } from '../base/low.ts';\n" +
			"import { value as near } from './near.ts';\nconsole.log(readFile, z, value, near, process.env.HOME);\n",
	});
	assert.is(legal.length, 1, 'only reading the environment is reserved');
	assert.match(legal[0] ?? '', /process\.env/);
});

test('B-3: a cycle is named with its path; a barrel, a re-export and a folder without a layer are refused', async () => {
	const cycle = await found({
		'src/base/a.ts': "import './b.ts';\n",
		'src/base/b.ts': "import './c.ts';\n",
		'src/base/c.ts': "import './a.ts';\n",
	});
	assert.is(cycle.length, 1);
	assert.match(cycle[0] ?? '', /src\/base\/a\.ts → src\/base\/b\.ts → src\/base\/c\.ts → src\/base\/a\.ts/);
	const barrel = await found({ 'src/base/index.ts': "export * from './a.ts';\n", 'src/base/a.ts': EXPORTED });
	assert.is(barrel.length, 2);
	assert.match(barrel.join('\n'), /barrel/);
	assert.match(barrel.join('\n'), /re-exports \.\/a\.ts/);
	assert.match(
		(await found({ 'src/helpers/a.ts': EXPORTED })).join(),
		/^src\/helpers\/a\.ts: lies in no layer/,
	);
});

test('B-4: only engine names an engine, config reads the environment, process/spawn.ts spawns, cli prints and exits', async () => {
	const body = (line: string) => `${line}\nexport {};\n`;
	for (const [line, name] of [
		['Bun.gc(true);', 'Bun'],
		['globalThis.Deno.exit();', 'Deno'],
		["import 'bun:ffi';", 'bun:ffi'],
		["import 'node:ffi';", 'node:ffi'],
		['export const home = process.env.HOME;', 'process.env'],
		["import { env } from 'node:process';", 'process.env'],
		["import { spawn } from 'node:child_process';\nspawn('a');", 'node:child_process'],
		["console.log('a');", 'console'],
		["process.stdout.write('a');", 'process.stdout'],
		['process.exit(1);', 'process.exit'],
	] as const) {
		const findings = await found({ 'src/gateway/a.ts': body(line) });
		assert.is(findings.length, 1, `${line}: ${findings.join()}`);
		assert.ok(findings[0]?.includes(name), findings[0]);
		assert.match(findings[0] ?? '', /\n {2}fix: /);
	}
	const allowed = await found({
		'src/engine/a.ts': body('Bun.gc(true);'),
		'src/config/a.ts': body('process.env.HOME;'),
		'src/process/spawn.ts': body("import { spawn } from 'node:child_process';\nspawn('a');"),
		'src/process/types.ts': body(
			"import type { ChildProcess } from 'node:child_process';\nexport type A = ChildProcess;",
		),
		'src/cli/a.ts': body("console.log('a');\nprocess.exit(1);"),
	});
	assert.equal(allowed, []);
});

test('B-5: contract, http1 and base import no I/O, and src imports no package that is not among the dependencies', async () => {
	const io = await found({
		'src/http1/a.ts': "import { readFileSync } from 'node:fs';\nreadFileSync('a');\n",
	});
	assert.is(io.length, 1);
	assert.match(io[0] ?? '', /imports node:fs, and http1\/ does no I\/O/);
	const undeclared = await found({ 'src/cli/a.ts': "import { test } from 'uvu';\ntest('a', () => {});\n" });
	assert.is(undeclared.length, 1);
	assert.match(undeclared[0] ?? '', /imports uvu, and "dependencies" of package\.json has no uvu/);
});

test.run();
