import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Catalog, type CatalogChange } from '../../src/catalog/catalog.ts';
import { thrown, thrownCode } from '../contract/thrown-code.ts';
import { runSource, startSource } from '../harness/source-process.ts';
import { createFunction, inFolder, newTrigger, publish, withCatalog } from './catalog-bed.ts';

const test = suite('catalog');

const HOLDER = 'test/catalog/holder-process.ts';

test('K-25: each change is told once it is on the disk, with the group of a trigger, until listening ends', () => {
	withCatalog((catalog, folder) => {
		const beside = Catalog.open(folder, { shared: true });
		const told: CatalogChange[] = [];
		const stop = catalog.onChange((change) => {
			told.push(change);
			const seen = beside.functions.byId(change.functionId) !== null;
			assert.is(seen, change.kind !== 'removed');
		});
		const { id: functionId } = createFunction(catalog, 'hello');
		const version = publish(catalog, functionId);
		const alias = { name: 'a', version, description: '', weights: null, strategy: null };
		catalog.aliases.create(functionId, alias);
		const trigger = catalog.triggers.create(functionId, newTrigger({ groupId: 'g1' }));
		catalog.triggers.update(functionId, trigger.id, { groupId: 'g2' });
		catalog.triggers.remove(functionId, trigger.id);
		catalog.extras.setReserved({ functionId, qualifier: '!a', count: 1, idleMode: false, tactics: null });
		catalog.functions.remove(functionId);
		assert.equal(told, [
			{ kind: 'function', functionId },
			{ kind: 'function', functionId },
			{ kind: 'function', functionId },
			{ kind: 'alias', functionId },
			{ kind: 'trigger', functionId, groupId: 'g1' },
			{ kind: 'trigger', functionId, groupId: 'g1' },
			{ kind: 'trigger', functionId, groupId: 'g2' },
			{ kind: 'trigger', functionId, groupId: 'g2' },
			{ kind: 'reserved', functionId },
			{ kind: 'removed', functionId },
		]);
		stop();
		createFunction(catalog, 'hello');
		assert.is(told.length, 10);
		beside.close();
	});
});

test('K-25: a change that was refused is not told; a listener that throws keeps nobody else from being told', () => {
	withCatalog((catalog) => {
		const told: string[] = [];
		createFunction(catalog, 'hello');
		catalog.onChange(() => {
			throw new Error('a listener failed');
		});
		catalog.onChange(({ kind }) => told.push(kind));
		assert.is(
			thrownCode(() => createFunction(catalog, 'hello')),
			'ERR_FUNCTION_EXISTS',
		);
		assert.equal(told, []);
		assert.throws(() => createFunction(catalog, 'other'), /a listener failed/);
		assert.equal(told, ['function']);
		assert.is(catalog.functions.count('p1'), 2);
	});
});

test('K-26: what a catalog holds is there after it was closed and opened again; closing twice is harmless', () =>
	inFolder((folder) => {
		const first = Catalog.open(folder);
		const made = createFunction(first, 'hello');
		first.close();
		first.close();
		const second = Catalog.open(folder);
		assert.equal(second.functions.byId(made.id), made);
		second.close();
		assert.equal(readdirSync(folder).sort(), ['catalog.db', 'lock.db', 'lock.pid']);
	}));

test('K-26: folders that are missing are made; nobody else may enter them or read the catalog', () =>
	inFolder((folder) => {
		const state = path.join(folder, 'deep', 'state');
		const catalog = Catalog.open(state);
		const copy = path.join(folder, 'copy.db');
		catalog.backup(copy);
		catalog.close();
		assert.is(statSync(state).mode & 0o777, 0o700);
		assert.is(statSync(path.join(state, 'catalog.db')).mode & 0o777, 0o600);
		assert.is(statSync(copy).mode & 0o777, 0o600);
	}));

test('K-27: a file that is no database, of another program, or of a newer httpfn is ERR_STATE_UNAVAILABLE and stays', () =>
	inFolder((folder) => {
		const file = path.join(folder, 'catalog.db');
		const open = () => thrown(() => Catalog.open(folder).close());
		writeFileSync(file, 'something that somebody wrote, and long enough to be looked at. '.repeat(40));
		assert.is(open()?.code, 'ERR_STATE_UNAVAILABLE');
		assert.match(open()?.message ?? '', /catalog\.db/);
		assert.match(String(statSync(file).size), '2560');
		writeFileSync(file, '');
		change(file, 'CREATE TABLE t (a); PRAGMA user_version = 1');
		assert.is(open()?.code, 'ERR_STATE_UNAVAILABLE');
		assert.match(open()?.message ?? '', /another program/);
		assert.equal(tables(file), ['t']);
		writeFileSync(file, '');
		Catalog.open(folder).close();
		change(file, 'PRAGMA user_version = 1000');
		assert.is(open()?.code, 'ERR_STATE_UNAVAILABLE');
		assert.match(open()?.message ?? '', /1000/);
	}));

test('K-27: a catalog that is damaged is ERR_STATE_UNAVAILABLE when the damage is met', () =>
	inFolder((folder) => {
		const file = path.join(folder, 'catalog.db');
		const first = Catalog.open(folder);
		createFunction(first, 'hello');
		first.close();
		const page = rootPage(file, 'functions');
		const bytes = readFileSync(file);
		writeFileSync(file, bytes.fill(0xff, (page - 1) * 4096, page * 4096));
		const catalog = Catalog.open(folder);
		const read = thrown(() => catalog.functions.list({ project: 'p1', afterId: 0, limit: 1 }));
		assert.is(read?.code, 'ERR_STATE_UNAVAILABLE');
		assert.match(read?.message ?? '', /damaged/);
		assert.is(
			thrownCode(() => createFunction(catalog, 'other')),
			'ERR_STATE_UNAVAILABLE',
		);
		catalog.close();
	}));

test('K-27: a folder that is a file, or that may not be written, is ERR_STATE_UNAVAILABLE', () =>
	inFolder(async (folder) => {
		const file = path.join(folder, 'file');
		writeFileSync(file, '');
		assert.is(
			thrownCode(() => Catalog.open(file)),
			'ERR_STATE_UNAVAILABLE',
		);
		Catalog.open(folder).close();
		const through = ['unshare', '--mount', 'sh', '-c', READ_ONLY, folder];
		for (const state of [folder, path.join(folder, 'new')]) {
			const { stdout } = await runSource(HOLDER, [state], { through });
			assert.is(stdout, 'ERR_STATE_UNAVAILABLE\n');
		}
	}));

test('K-28: a second server on the same folder is ERR_STATE_IN_USE with the process that has it; kill -9 of that one frees it', () =>
	inFolder(async (folder) => {
		const { child, exited } = startSource(HOLDER, [folder], { stdio: ['pipe', 'pipe', 'inherit'] });
		await new Promise((resolve) => child.stdout?.once('data', resolve));
		const refused = thrown(() => Catalog.open(folder));
		assert.is(refused?.code, 'ERR_STATE_IN_USE');
		assert.ok(refused?.message.includes(`process ${child.pid} `), refused?.message);
		const beside = Catalog.open(folder, { shared: true });
		createFunction(beside, 'hello');
		beside.close();
		child.kill('SIGKILL');
		await exited;
		const catalog = Catalog.open(folder);
		assert.is(catalog.functions.count('p1'), 1);
		const again = thrown(() => Catalog.open(folder));
		assert.ok(again?.message.includes(`process ${process.pid} `), again?.message);
		catalog.close();
		Catalog.open(folder).close();
	}));

test('K-28: of several servers that start at the same moment one has the folder', () =>
	inFolder(async (folder) => {
		const starts = Array.from({ length: 4 }, () =>
			startSource(HOLDER, [folder], { stdio: ['pipe', 'pipe', 'inherit'] }),
		);
		const said = await Promise.all(
			starts.map(
				({ child }) =>
					new Promise<string>((resolve) => child.stdout?.setEncoding('utf8').once('data', resolve)),
			),
		);
		const refusals = Array.from({ length: 3 }, () => 'ERR_STATE_IN_USE\n');
		assert.equal(said.sort(), [...refusals, 'open\n']);
		for (const { child } of starts) child.stdin?.end();
		await Promise.all(starts.map(({ exited }) => exited));
	}));

test('K-28: without a server, looking after a catalog makes it, and does not change one that a server of another version has', () =>
	inFolder((folder) => {
		const beside = Catalog.open(folder, { shared: true });
		assert.is(beside.users.count(), 0);
		const server = Catalog.open(folder);
		change(path.join(folder, 'catalog.db'), 'PRAGMA user_version = 0');
		assert.is(
			thrownCode(() => Catalog.open(folder, { shared: true })),
			'ERR_STATE_IN_USE',
		);
		server.close();
		beside.close();
	}));

test('K-29: a backup of a catalog that is in use is a catalog; one that can not be written leaves nothing', () => {
	withCatalog((catalog, folder) => {
		const made = createFunction(catalog, 'hello');
		const state = path.join(folder, 'restored');
		Catalog.open(state).close();
		const copy = path.join(folder, 'copy.db');
		catalog.backup(copy);
		createFunction(catalog, 'later');
		assert.is(
			thrownCode(() => catalog.backup(copy)),
			'ERR_STATE_UNAVAILABLE',
		);
		assert.is(
			thrownCode(() => catalog.backup(path.join(folder, 'none', 'copy.db'))),
			'ERR_STATE_UNAVAILABLE',
		);
		assert.equal(
			readdirSync(folder).filter((name) => name.includes('part')),
			[],
		);
		writeFileSync(path.join(state, 'catalog.db'), readFileSync(copy));
		const restored = Catalog.open(state);
		assert.equal(restored.functions.byId(made.id), made);
		assert.is(restored.functions.count('p1'), 1);
		restored.close();
	});
});

const READ_ONLY = `mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"`;

function change(file: string, sql: string): void {
	const database = new DatabaseSync(file);
	database.exec(sql);
	database.close();
}

function rootPage(file: string, table: string): number {
	const database = new DatabaseSync(file);
	const row = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table);
	database.close();
	return Number(row?.rootpage);
}

function tables(file: string): unknown[] {
	const database = new DatabaseSync(file);
	const names = database.prepare('SELECT name FROM sqlite_schema').all();
	database.close();
	return names.map(({ name }) => name);
}

test.run();
