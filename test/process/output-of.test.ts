import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf } from '../../src/process/output-of.ts';

const test = suite('outputOf');

function shell(text: string, timeoutMs: number | null) {
	const environment = { PATH: process.env.PATH ?? '' };
	return outputOf({ command: 'sh', args: ['-c', text], cwd: '/', environment }, timeoutMs);
}

test('V-38: what a program says, and how it ended, is told', async () => {
	const { code, stdout, stderr } = await shell('echo out; echo err >&2; exit 3', null);
	assert.equal([code, stdout, stderr], [3, 'out\n', 'err\n']);
});

test('V-38: one that does not end is killed in time, and so is what it left behind when it ended', async () => {
	const killed = await shell('exec sleep 60', 200);
	assert.equal([killed.code, killed.signal], [null, 'SIGKILL']);
	const left = await shell('sleep 60 & echo done', 200);
	assert.equal([left.code, left.stdout], [0, 'done\n']);
});

test.run();
