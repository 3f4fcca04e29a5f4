/** A catalog in a folder of its own, and its functions hosted on an isolation that starts nothing. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Catalog } from '../../src/catalog/catalog.ts';
import type { FunctionConfig } from '../../src/catalog/function-config.ts';
import type { CodeRecord, FunctionRecord, TriggerRecord } from '../../src/catalog/records.ts';
import type { Isolation } from '../../src/process/sandbox.ts';
import { DeployedFunctions } from '../../src/server/deployed-functions.ts';
import { FunctionStatistics } from '../../src/server/function-statistics.ts';
import { RecentLines } from '../../src/telemetry/recent-lines.ts';
import { CONFIG } from '../catalog/catalog-bed.ts';
import { RecordingLog } from '../harness/recording-log.ts';

export function codeRecord(letter: string): CodeRecord {
	return { type: 'zip', filename: 'code.zip', bytes: 10, digest: letter.repeat(128) };
}

/** Counts what it is asked to start, and starts nothing. */
export class CountingIsolation implements Isolation {
	readonly kind = 'namespace';
	readonly instancesMax = 1000;
	readonly starts: string[] = [];

	async start({ settings }: Parameters<Isolation['start']>[0]): Promise<never> {
		this.starts.push(`${settings.name}@${settings.version}`);
		throw new Error('this test starts nothing');
	}

	async close(): Promise<void> {}
}

export class DeployedBed implements AsyncDisposable {
	readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-deployed-'));
	readonly catalog = Catalog.open(this.folder);
	readonly isolation = new CountingIsolation();
	readonly lines = new RecentLines();
	readonly functions: DeployedFunctions;

	constructor() {
		const { catalog, lines, isolation } = this;
		const log = new RecordingLog();
		const packages = { path: ({ digest }: CodeRecord) => `/code/${digest}`, folder: async () => '' };
		const sealer = { open: (sealed: string) => sealed };
		const options = { catalog, packages, sealer, lines, isolation, log, functionLog: () => log };
		this.functions = new DeployedFunctions(
			{ ...options, hostEnvironment: {}, region: 'cn', hide: [] },
			(self) =>
				new FunctionStatistics({
					extras: catalog.extras,
					lines,
					log,
					instanceCount: (id) => self.instanceCount(id),
				}),
		);
	}

	create(name: string, config: Partial<FunctionConfig> = {}): FunctionRecord {
		const key = { project: 'p', package: 'default', name };
		return this.catalog.functions.create(key, { ...CONFIG, ...config }, codeRecord('a'));
	}

	trigger(functionId: number, given: Partial<TriggerRecord>): TriggerRecord {
		return this.catalog.triggers.create(functionId, {
			id: crypto.randomUUID(),
			qualifier: 'latest',
			type: 'APIG',
			status: 'ACTIVE',
			groupId: 'g1',
			path: '/',
			match: 'prefix',
			method: null,
			auth: 'NONE',
			timeoutMs: null,
			eventData: {},
			...given,
		});
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.functions.stop(0);
		this.catalog.close();
		fs.rmSync(this.folder, { recursive: true });
	}
}
