import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Catalog } from '../../src/catalog/catalog.ts';
import { runSource } from '../harness/source-process.ts';
import { createFunction, inFolder, newTrigger } from './catalog-bed.ts';

const test = suite('catalog of 10,000 functions');

interface Cost {
	readonly count: number;
	readonly openMs: number;
	readonly pageMs: number;
	readonly bytes: number;
}

test('K-32: 10,000 functions, versions and triggers open in 300 ms and 20 MB, and a page costs what it does with 10', () =>
	inFolder(async (folder) => {
		const few = await cost(path.join(folder, 'few'), 10);
		const many = await cost(path.join(folder, 'many'), 10_000);
		const told = `${JSON.stringify(few)} ${JSON.stringify(many)}`;
		assert.equal([few.count, many.count], [10, 10_000]);
		assert.ok(many.openMs < 300, told);
		assert.ok(many.pageMs < 1 + 5 * few.pageMs, told);
		assert.ok(many.bytes < 20 * 1024 * 1024, told);
	}));

async function cost(folder: string, count: number): Promise<Cost> {
	make(folder, count);
	const { stdout, stderr } = await runSource('test/catalog/scale-process.ts', [folder]);
	assert.ok(stdout !== '', stderr);
	return JSON.parse(stdout) as Cost;
}

/** One function by the catalog itself, the others as its copies: thousands of transactions would take long. */
function make(folder: string, count: number): void {
	const catalog = Catalog.open(folder);
	const { id } = createFunction(catalog, 'function-1');
	catalog.revisions.publish(id, { description: '' });
	catalog.triggers.create(id, newTrigger({ groupId: 'g1' }));
	catalog.close();
	const database = new DatabaseSync(path.join(folder, 'catalog.db'));
	database.exec(`
BEGIN;
CREATE TEMP TABLE numbers AS WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT i FROM n;
INSERT INTO functions SELECT i, project, package, 'function-' || i, 'resource-' || i, created_ms, sequence
	FROM functions, numbers;
INSERT INTO revisions SELECT i, sequence, version, description, config, code_type, code_filename, code_bytes, code_digest, modified_ms
	FROM revisions, numbers;
INSERT INTO triggers SELECT i, 'copy-' || i, i, qualifier, type, status, 'g' || i, path, match, method, auth, timeout_ms,
	event_data, created_ms, modified_ms FROM triggers, numbers;
UPDATE totals SET functions = ${count}, code_bytes = code_bytes * ${count};
COMMIT;`);
	database.close();
}

test.run();
