import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WaitingProcess } from '../../src/process/waiting-process.ts';

const test = suite('waiting process');

for (const { script, signals } of [
	{ script: 'exit 0', signals: 0 },
	{ script: 'exec sleep 1000', signals: 1 },
]) {
	test(`Z-14: one that runs "${script}" and is dismissed gets ${signals} signals`, async () => {
		const spec = { command: '/bin/bash', args: ['-c', script], cwd: '/', environment: {} };
		const waiting = await WaitingProcess.start(spec);
		// An engine that can not call the C library has none.
		if (waiting === null) return assert.ok('Deno' in globalThis);
		// What only waits is no reason for this process to live.
		const alive = setInterval(() => {}, 1_000);
		if (signals === 0) await waiting.exited;
		const kill = process.kill;
		const sent: unknown[] = [];
		process.kill = (pid, signal) => {
			sent.push(signal);
			return kill(pid, signal);
		};
		try {
			waiting.dismiss();
		} finally {
			process.kill = kill;
		}
		assert.is(sent.length, signals);
		await waiting.exited;
		clearInterval(alive);
	});
}

test.run();
