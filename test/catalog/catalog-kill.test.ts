import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Catalog } from '../../src/catalog/catalog.ts';
import { runSource, startSource } from '../harness/source-process.ts';
import { inFolder } from './catalog-bed.ts';

const test = suite('catalog and kill -9');

const WRITER = 'test/catalog/writer-process.ts';
const ROUNDS = 30;

/** What each acknowledged write promises of the function it names. */
const PROMISES: Readonly<Record<string, (catalog: Catalog, name: string) => boolean>> = {
	created: (catalog, name) => idOf(catalog, name) !== 0,
	configured: (catalog, name) =>
		catalog.functions.byId(idOf(catalog, name))?.latest.config.description === name,
	published: (catalog, name) => catalog.revisions.find(idOf(catalog, name), 'v1')?.description === name,
	aliased: (catalog, name) => catalog.aliases.find(idOf(catalog, name), 'live')?.version === 'v1',
	triggered: (catalog, name) => catalog.triggers.find(idOf(catalog, name), name)?.path === `/${name}`,
	removed: (catalog, name) => idOf(catalog, name) === 0 && !hasTrigger(catalog, name),
};

test('K-30: killed at any moment of writing, the catalog has all that was acknowledged and nothing half made', () =>
	inFolder(async (folder) => {
		const said: string[] = [];
		for (let round = 0; round < ROUNDS; round += 1) {
			const lines = await killAfter(folder, `round${round}`, Math.floor(Math.random() * 40));
			said.push(...lines);
			judge(folder, round % 10 === 9 ? said : lines);
		}
		assert.ok(said.length > ROUNDS, `${said.length} writes were acknowledged`);
	}));

test('K-33: two processes that write at once wait for each other, and nothing of either is lost', () =>
	inFolder(async (folder) => {
		const results = await Promise.all(['one', 'two'].map((name) => runSource(WRITER, [folder, name, '60'])));
		for (const { code, stderr } of results) assert.is(code, 0, stderr);
		const said = results.flatMap(({ stdout }) => stdout.trim().split('\n'));
		assert.is(said.filter((line) => line.startsWith('created')).length, 120);
		judge(folder, said);
	}));

/** What the writer said before it was killed; 0: killed as soon as it runs. */
async function killAfter(folder: string, prefix: string, count: number): Promise<string[]> {
	const { child, exited } = startSource(WRITER, [folder, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
	let text = '';
	child.stdout?.setEncoding('utf8').on('data', (part: string) => {
		text += part;
		if (text.split('\n').length > count) child.kill('SIGKILL');
	});
	if (count === 0) child.once('spawn', () => child.kill('SIGKILL'));
	const { signal } = await exited;
	assert.is(signal, 'SIGKILL');
	return text.split('\n').filter((line) => line !== '');
}

function judge(folder: string, said: readonly string[]): void {
	const catalog = Catalog.open(folder);
	const gone = new Set(said.filter((line) => line.startsWith('remov')).map((line) => line.split(' ')[1]));
	for (const line of said) {
		const [what = '', name = ''] = line.split(' ');
		if (what === 'removing' || (what !== 'removed' && gone.has(name))) continue;
		assert.ok(PROMISES[what]?.(catalog, name), `${line} does not hold`);
	}
	catalog.close();
	const database = new DatabaseSync(path.join(folder, 'catalog.db'));
	const ask = (sql: string) =>
		database
			.prepare(sql)
			.all()
			.map((row) => Object.values(row).join('|'));
	assert.equal(ask('PRAGMA integrity_check'), ['ok']);
	assert.equal(ask('PRAGMA foreign_key_check'), []);
	assert.equal(
		ask(`SELECT f.name FROM functions f LEFT JOIN revisions r ON r.function_id = f.id AND r.sequence = 1
			WHERE r.sequence IS NULL`),
		[],
		'every function has its latest',
	);
	assert.equal(
		ask('SELECT coalesce(sum(functions), 0), coalesce(sum(code_bytes), 0) FROM totals'),
		ask('SELECT (SELECT count(*) FROM functions), coalesce(sum(code_bytes), 0) FROM revisions'),
	);
	database.close();
}

function idOf(catalog: Catalog, name: string): number {
	return catalog.functions.find({ project: 'p1', package: 'default', name })?.id ?? 0;
}

function hasTrigger(catalog: Catalog, name: string): boolean {
	return catalog.triggers.ofGroup('g1').some(({ id }) => id === name);
}

test.run();
