import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveSettings } from '../../src/config/resolve-settings.ts';
import { invokeOnce } from '../../src/server/invoke-once.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { RecordingLog } from '../harness/recording-log.ts';

const test = suite('invokeOnce');

test('U-156: where a signal has come before the function is started, no event is read and nothing is started', async () => {
	await using folder = await functionFolder({ bootstrap: 'exec sleep 60\n' });
	const input = { environment: {}, configPath: null, mistakes: [], folder: folder.path, workingFolder: '/' };
	const settings = resolveSettings({ ...input, flags: new Map([['isolation', ['direct']]]) });
	const log = new RecordingLog();
	const interrupted = new AbortController();
	interrupted.abort();
	const error = await invokeOnce({
		...{ settings, log, hostEnvironment: {}, signal: interrupted.signal },
		readEvent: () => assert.unreachable() as never,
		writeEnvelope: () => Promise.resolve(),
	}).catch((error: unknown) => error);
	assert.is(error, interrupted.signal.reason);
	assert.equal(log.records, []);
});

test.run();
