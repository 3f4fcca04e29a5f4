import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf } from '../../src/process/output-of.ts';

const test = suite('outputOf');

function shell(text: string, timeoutMs: number | null) {
	const environment = { PATH: process.env.PATH ?? '' };
	return outputOf({ command: 'sh', args: ['-c', text], cwd: '/', environment }, timeoutMs);
}

test('V-38: what a program says, and how it ended, is told', async () => {
	// In pieces that end amid a character.
	const long = "printf 'xä%.0s' $(seq 30000)";
	const { code, stdout, stderr, isLate } = await shell(`${long}; echo err >&2; exit 3`, null);
	assert.equal([code, stderr, isLate], [3, 'err\n', false]);
	assert.ok(stdout === 'xä'.repeat(30_000));
});

test('V-38: one that does not end is killed in time, and so is what it left behind when it ended', async () => {
	const killed = await shell('exec sleep 60', 200);
	assert.equal([killed.code, killed.signal, killed.isLate], [null, 'SIGKILL', true]);
	const left = await shell('sleep 60 & echo done', 200);
	assert.equal([left.code, left.stdout], [0, 'done\n']);
});

test.run();
