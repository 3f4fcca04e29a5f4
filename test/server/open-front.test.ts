import { availableParallelism } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveSettings } from '../../src/config/resolve-settings.ts';
import { RuntimeError } from '../../src/contract/errors.ts';
import { LocalFront } from '../../src/server/local-front.ts';
import { openFront } from '../../src/server/open-front.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { RecordingLog } from '../harness/recording-log.ts';

const test = suite('openFront');

async function front(workers: string, log: RecordingLog) {
	await using folder = await functionFolder({ bootstrap: 'true\n' });
	const none = { environment: {}, configPath: null, mistakes: [], workingFolder: folder.path };
	const flags = new Map([['workers', [workers]] as const]);
	const settings = resolveSettings({ ...none, folder: folder.path, flags });
	const program = { command: 'false', prefix: [] };
	return await openFront({ settings, log, accessLog: null, program, hostEnvironment: {} });
}

test('R-1: one worker is this process', async () => {
	assert.instance(await front('1', new RecordingLog()), LocalFront);
});

test('R-22: where sockets and memory can not be shared, and where a process does not come up, workers are refused', async () => {
	const log = new RecordingLog();
	const refusal = await front('2', log).then(
		(opened) => opened.open().catch((error: unknown) => error),
		(error: unknown) => error,
	);
	assert.is(refusal instanceof RuntimeError ? refusal.code : refusal, 'ERR_WORKERS_UNAVAILABLE');
});

test('R-1: more workers than processors are warned of, and more than 64 refused', async () => {
	const log = new RecordingLog();
	await front(String(Math.min(64, availableParallelism() + 1)), log).catch(() => null);
	assert.ok(log.records.some(({ level, fields }) => level === 'warn' && fields.workers !== undefined));
	const refusal = await front('65', log).catch((error: unknown) => error);
	assert.is((refusal as RuntimeError).code, 'ERR_CONFIG_INVALID');
});

test.run();
