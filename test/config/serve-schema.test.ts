import fs from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as z from 'zod';
import { serveSchema } from '../../scripts/serve-schema.ts';
import { ServeBed } from './serve-bed.ts';

const test = suite('JSON Schema of serve');
const PAGE = path.resolve(import.meta.dirname, '../../docs/httpfn-serve.schema.json');
const MANUAL = path.resolve(import.meta.dirname, '../../docs/configuration.md');
const schema = () => z.fromJSONSchema(serveSchema() as Parameters<typeof z.fromJSONSchema>[0]);

const FULL = {
	$schema: 'x',
	listen: '127.0.0.1:0',
	isolation: 'direct',
	logFormat: 'json',
	logLevel: 'debug',
	defaults: { timeout: 5, env: { A: '1' }, strategy_config: { concurrency: 3, concurrent_num: 2 } },
	functions: {
		one: {
			code: 'a',
			memory: 256,
			reserved: 2,
			egress: 'none',
			routes: [{ host: '*.example.com', path: '/x', method: 'GET', match: 'exact', version: 'v2' }, {}],
			versions: { v2: { code: 'b', expose: ['c'], egress: { mode: 'allow', allow: ['10.0.0.0/8'] } } },
		},
	},
};

type Path = readonly (string | number)[];

/** A copy of the full file with one part changed. */
function changed(at: Path, value: unknown): unknown {
	const copy = structuredClone(FULL);
	const last = at.at(-1);
	let part: object = copy;
	for (const step of at.slice(0, -1)) part = Reflect.get(part, step);
	if (last !== undefined) Reflect.set(part, last, value);
	return copy;
}

const ONE = ['functions', 'one'] as const;
const WRONG: readonly (readonly [Path, unknown])[] = [
	[['port'], 80],
	[['isolation'], 'vm'],
	[['functions'], {}],
	[['functions'], []],
	[['defaults', 'code'], 'a'],
	[['defaults', 'name'], 'a'],
	[['defaults', 'listen'], '127.0.0.1:0'],
	[['defaults', 'timeout'], 1],
	[['defaults', 'timeout'], '5'],
	[['defaults', 'strategy_config', 'max'], 1],
	[['defaults', 'strategy_config', 'concurrent_num'], 0],
	[[...ONE, 'code'], 5],
	[[...ONE, 'memroy'], 128],
	[[...ONE, 'memory'], 100],
	[[...ONE, 'reserved'], { counts: 1 }],
	[[...ONE, 'egress'], 'closed'],
	[[...ONE, 'routes'], []],
	[[...ONE, 'routes', 0, 'path'], 'x'],
	[[...ONE, 'routes', 0, 'path'], '/a/../b'],
	[[...ONE, 'routes', 0, 'method'], 'get'],
	[[...ONE, 'routes', 0, 'match'], 'regex'],
	[[...ONE, 'routes', 0, 'host'], 'a:80'],
	[[...ONE, 'routes', 0, 'port'], 80],
	[[...ONE, 'versions', 'v2', 'version'], 'v3'],
	[[...ONE, 'versions', 'v2', 'routes'], [{}]],
];

test('U-64: docs/httpfn-serve.schema.json is what the code gives', () => {
	assert.equal(JSON.parse(fs.readFileSync(PAGE, 'utf8')), serveSchema());
});

test('U-64: a file that uses every kind of key passes the schema and the reader', async () => {
	using bed = new ServeBed();
	bed.write('httpfn.json', JSON.stringify(FULL));
	assert.ok(schema().safeParse(FULL).success);
	assert.is((await bed.resolve(null)).plans.size, 2);
});

test('U-64: what the schema refuses the reader refuses too', async () => {
	using bed = new ServeBed();
	const parser = schema();
	for (const [at, value] of WRONG) {
		const file = changed(at, value);
		bed.write('httpfn.json', JSON.stringify(file));
		const name = `${at.join('.')} ${JSON.stringify(value)}`;
		assert.is(parser.safeParse(file).success, false, name);
		assert.ok((await bed.mistakes(null)).length > 0, name);
	}
});

test('U-64: the file that docs/configuration.md shows is one that the reader takes', async () => {
	using bed = new ServeBed();
	for (const name of ['orders', 'orders-v2', 'pages']) bed.write(`${name}/bootstrap`, 'true\n');
	const [, shown = ''] = /```yaml\n([\s\S]*?)```/.exec(fs.readFileSync(MANUAL, 'utf8')) ?? [];
	assert.equal([...(await bed.resolve(shown)).plans.keys()], ['orders', 'orders@v2', 'pages']);
});

test.run();
