/** Catalogs for tests, in folders of their own that go when the test is over. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Catalog } from '../../src/catalog/catalog.ts';
import type { FunctionConfig } from '../../src/catalog/function-config.ts';
import type { CodeRecord, FunctionRecord } from '../../src/catalog/records.ts';
import type { NewTrigger } from '../../src/catalog/trigger-store.ts';

export const CONFIG: FunctionConfig = {
	runtime: 'http',
	handler: 'bootstrap',
	memory_size: 128,
	timeout: 3,
	initializer_handler: '',
	initializer_timeout: 3,
	description: '',
	user_data: '',
	encrypted_user_data: '',
	strategy_config: { concurrency: 400, concurrent_num: 1 },
	is_return_stream: false,
	enable_auth_in_header: false,
	ephemeral_storage: 512,
	xrole: '',
	app_xrole: '',
	disable_public_network: false,
	kept: {},
};

export const CODE: CodeRecord = { type: 'zip', filename: 'index.zip', bytes: 1000, digest: '0a'.repeat(64) };

export function withCatalog(work: (catalog: Catalog, folder: string) => void): void {
	const folder = newFolder();
	const catalog = Catalog.open(folder);
	try {
		work(catalog, folder);
	} finally {
		catalog.close();
		removeFolder(folder);
	}
}

export async function inFolder(work: (folder: string) => Promise<void> | void): Promise<void> {
	const folder = newFolder();
	try {
		await work(folder);
	} finally {
		removeFolder(folder);
	}
}

export function createFunction(catalog: Catalog, name: string, project = 'p1'): FunctionRecord {
	return catalog.functions.create({ project, package: 'default', name }, CONFIG, CODE);
}

/** Changes `latest` and publishes it. */
export function publish(catalog: Catalog, functionId: number): string {
	const timeout = catalog.revisions.count(functionId) + 3;
	catalog.functions.updateConfig(functionId, { ...CONFIG, timeout });
	return catalog.revisions.publish(functionId, { description: '' }).version;
}

let triggers = 0;

/** A trigger of a path that no other has. */
export function newTrigger(changes: Partial<NewTrigger> = {}): NewTrigger {
	triggers += 1;
	return {
		id: `trigger-${triggers}`,
		qualifier: 'latest',
		type: 'APIG',
		status: 'ACTIVE',
		groupId: 'g1',
		path: `/path-${triggers}`,
		match: 'exact',
		method: null,
		auth: 'NONE',
		timeoutMs: 5000,
		eventData: { name: 'API', nested: { list: [1, null, 'ü'] } },
		...changes,
	};
}

function newFolder(): string {
	return mkdtempSync(path.join(os.tmpdir(), 'httpfn-catalog-'));
}

function removeFolder(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
}
