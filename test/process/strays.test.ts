import { type ChildProcess, spawn } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { endStrays } from '../../src/process/strays.ts';
import { engineCommand, isLiving, RecordingLog } from './support.ts';

const test = suite('strays');

/** Starts an httpfn-like owner in a process of its own; answers it and the pids of its function. */
async function startOwner(): Promise<{ owner: ChildProcess; pids: number[] }> {
	const [command, args] = engineCommand('./owner.ts');
	const owner = spawn(command, [...args, 'daemon'], { stdio: ['ignore', 'pipe', 'inherit'] });
	const text = await new Promise<string>((resolve) =>
		owner.stdout?.once('data', (bytes) => resolve(String(bytes))),
	);
	return { owner, pids: JSON.parse(text) };
}

/** An httpfn of another test may have killed them first, and a dying process takes a moment. */
async function gone(pids: readonly number[]): Promise<void> {
	while (pids.some(isLiving)) await new Promise((resolve) => setImmediate(resolve));
}

function kill(owner: ChildProcess): Promise<void> {
	return new Promise((resolve) => {
		owner.once('exit', () => resolve());
		owner.kill('SIGKILL');
	});
}

test('S-20: what a killed httpfn left behind, daemons too, is ended at the next start', async () => {
	const { owner, pids } = await startOwner();
	assert.is(pids.length, 3);
	assert.is(pids.filter(isLiving).length, 3);
	await kill(owner);
	await endStrays(new RecordingLog());
	await gone(pids);
});

test('S-21: the processes of a living httpfn, and those without a marker, are left alone', async () => {
	const { owner, pids } = await startOwner();
	const stranger = spawn('sleep', ['1000'], { stdio: 'ignore' });
	await endStrays(new RecordingLog());
	assert.is(pids.filter(isLiving).length, 3);
	assert.is(isLiving(Number(stranger.pid)), true);
	stranger.kill('SIGKILL');
	await kill(owner);
	await endStrays(new RecordingLog());
	await gone(pids);
});

test('S-21: a marker of another pid namespace, or one that is not ours, is left alone', async () => {
	const values = ['1.1.4026531999.1', 'x', '1.1', '', '0.0.0.0'];
	const strangers = values.map((value) =>
		spawn('sleep', ['1000'], { stdio: 'ignore', env: { PATH: process.env.PATH, HTTPFN_INSTANCE: value } }),
	);
	await Promise.all(strangers.map((stranger) => new Promise((resolve) => stranger.once('spawn', resolve))));
	await endStrays(new RecordingLog());
	for (const stranger of strangers) {
		assert.is(isLiving(Number(stranger.pid)), true);
		stranger.kill('SIGKILL');
	}
});

test.run();
