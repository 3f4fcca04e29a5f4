import { EventEmitter, once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ServeSettings } from '../../src/config/serve-settings.ts';
import { RuntimeError } from '../../src/contract/errors.ts';
import type { Exchanged } from '../../src/server/exchanged.ts';
import { ReloadControl } from '../../src/server/reload-control.ts';
import { readStatus, statusPath } from '../../src/server/serve-status.ts';
import { RecordingLog } from '../harness/recording-log.ts';

const test = suite('ReloadControl');
const SETTINGS = {} as ServeSettings;

/** A server whose reloads end when the test says so. */
class Bed implements Disposable {
	readonly base = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-reload-'));
	readonly log = new RecordingLog();
	readonly events = new EventEmitter();
	readonly control: ReloadControl;
	readonly file: string;
	loads = 0;
	finish: (result: Exchanged | Error) => void = () => {};

	constructor() {
		const runtimeFolder = path.join(this.base, 'httpfn');
		const configPath = path.join(this.base, 'httpfn.yaml');
		this.file = statusPath(runtimeFolder, configPath);
		const load = async () => {
			this.loads += 1;
			return SETTINGS;
		};
		const reload = () =>
			new Promise<Exchanged>((resolve, reject) => {
				this.finish = (result) => (result instanceof Error ? reject(result) : resolve(result));
				this.events.emit('reload');
			});
		this.control = new ReloadControl({
			server: { urls: ['http://x'], reload },
			load,
			configPath,
			runtimeFolder,
			log: this.log,
		});
	}

	/** Until the status says that so many reloads are done. */
	async done(count: number): Promise<void> {
		while (readStatus(this.file)?.done !== count) await new Promise((resolve) => setImmediate(resolve));
	}

	[Symbol.dispose](): void {
		this.control.close();
		fs.rmSync(this.base, { recursive: true });
	}
}

test('U-77: a reload that is asked for while one runs comes after it, and several are one', async () => {
	using bed = new Bed();
	const first = once(bed.events, 'reload');
	bed.control.request();
	await first;
	for (let count = 0; count < 3; count++) bed.control.request();
	const second = once(bed.events, 'reload');
	bed.finish({ started: ['a'], kept: ['b'], retired: [] });
	await second;
	assert.equal([readStatus(bed.file)?.generation, readStatus(bed.file)?.begun, bed.loads], [2, 2, 2]);
	bed.finish({ started: [], kept: ['a', 'b'], retired: [] });
	await bed.done(2);
	assert.equal([readStatus(bed.file)?.generation, bed.loads], [3, 2]);
});

test('U-77: a reload that fails is told with its code, and the generation stays', async () => {
	using bed = new Bed();
	const begun = once(bed.events, 'reload');
	bed.control.request();
	await begun;
	bed.finish(new RuntimeError('ERR_RELOAD_FAILED', 'because'));
	await bed.done(1);
	const status = readStatus(bed.file);
	assert.equal(
		[status?.generation, status?.outcome?.ok, status?.outcome?.code],
		[1, false, 'ERR_RELOAD_FAILED'],
	);
});

test('U-77: after the end nothing is reloaded, and the status is gone', () => {
	using bed = new Bed();
	bed.control.close();
	bed.control.request();
	assert.equal([bed.loads, readStatus(bed.file)], [0, null]);
});

test.run();
