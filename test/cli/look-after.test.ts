import fs from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Invocation } from '../../src/cli/command.ts';
import { lookAfter } from '../../src/cli/look-after.ts';
import { StopRequest } from '../../src/cli/stop-request.ts';
import { runtimeFolder } from '../../src/config/runtime-folder.ts';
import type { Predecessor } from '../../src/server/predecessor.ts';
import { ServiceManager } from '../../src/server/service-manager.ts';
import type { Serving } from '../../src/server/serving.ts';
import { upgradeSocket } from '../../src/server/upgrade-point.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { RecordingLog } from '../harness/recording-log.ts';

const test = suite('lookAfter');

const SERVING: Serving = {
	listening: null,
	controlAddress: null,
	checkSelf: () => Promise.resolve(),
	lendState: () => Promise.resolve(),
	takeBackState: () => Promise.resolve(),
	stop: () => Promise.resolve(),
};

test('V-40: a process that says that it has taken over can be asked for the next upgrade', async () => {
	await using folder = await functionFolder({});
	const environment = { XDG_RUNTIME_DIR: folder.path };
	const socket = upgradeSocket(runtimeFolder(environment), process.pid);
	const log = new RecordingLog();
	const stopped = new StopRequest(log, []);
	let wasThere: boolean | null = null;
	const predecessor = {
		gone: Promise.resolve(),
		ready() {
			wasThere = fs.existsSync(socket);
			stopped.leave(0);
		},
	} as unknown as Predecessor;
	const manager = new ServiceManager({}, log);
	const invocation = { environment } as unknown as Invocation;
	await lookAfter(
		{ serving: SERVING, urls: [], manager, predecessor, stopped, log, configPath: null, pidFile: null },
		invocation,
	);
	assert.is(wasThere, true, JSON.stringify(log.records));
});

test.run();
