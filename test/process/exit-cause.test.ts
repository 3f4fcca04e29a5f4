import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Instance } from '../../src/process/instance.ts';
import { newMarker } from '../../src/process/instance-marker.ts';
import { InstanceOutput } from '../../src/process/output.ts';
import { spawnProcess } from '../../src/process/spawn.ts';
import { isLiving, RecordingLog } from './support.ts';

const test = suite('exit cause');

async function start(script: string): Promise<Instance> {
	const marker = newMarker();
	const environment = { PATH: process.env.PATH ?? '', HTTPFN_INSTANCE: marker };
	const spawned = await spawnProcess(
		{ command: '/bin/bash', args: ['-c', script], cwd: '/', environment },
		null,
	);
	return new Instance(spawned, marker, new InstanceOutput(spawned, new RecordingLog(), () => null));
}

test('S-28: the first cause stands: what we ended did not crash, and what crashed was not ended', async () => {
	const ended = await start('sleep 1000');
	assert.is(await ended.end({ kind: 'stopped' }, 100), 0);
	assert.equal(await ended.ending, { kind: 'stopped' });
	assert.is(isLiving(ended.pid), false);

	const crashed = await start('exit 5');
	assert.equal(await crashed.ending, { kind: 'exited', code: 5 });
	await crashed.end({ kind: 'stopped' }, 100);
	assert.equal(crashed.cause, { kind: 'exited', code: 5 });
});

test('S-26: the last 20 lines of stderr are kept, long ones clipped', async () => {
	const instance = await start('seq 1 100 >&2; head -c 5000 /dev/zero | tr "\\0" x >&2; exit 1');
	const lines = await instance.lastStderr();
	assert.is(lines.length, 20);
	assert.is(lines[0], '82');
	assert.is(lines.at(-1)?.length, 1000);
});

test.run();
