import { once } from 'node:events';
import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runSource } from '../harness/source-process.ts';

const test = suite('httpfn doctor');

interface Finding {
	readonly name: string;
	readonly state: string;
	readonly found: string;
	readonly advice: string;
}

async function doctor(): Promise<{ code: number | null; findings: Finding[] }> {
	const { code, stdout } = await runSource('src/cli/main.ts', ['doctor', '--json']);
	return { code, findings: JSON.parse(stdout).capabilities };
}

test('U-26: doctor judges engine, bash, port, /proc, file descriptors and isolation', async () => {
	const { code, findings } = await doctor();
	const names = ['engine', 'bash', 'port 8000', '/proc', 'file descriptors', 'isolation'];
	assert.equal(
		findings.map(({ name }) => name),
		names,
	);
	assert.is(code, findings.some(({ state }) => state === 'missing') ? 1 : 0);
	assert.ok(findings.every(({ state, advice }) => (state === 'ok') === (advice === '')));
	const { stdout } = await runSource('src/cli/main.ts', ['doctor']);
	assert.is(stdout.trim().split('\n').length, names.length);
});

test('U-26: doctor names the program that holds port 8000, and fails', async () => {
	const holder = net.createServer().listen(8000, '127.0.0.1');
	await once(holder, 'listening');
	const { code, findings } = await doctor();
	holder.close();
	const port = findings.find(({ name }) => name === 'port 8000');
	assert.equal([code, port?.state], [1, 'missing']);
	assert.match(port?.found ?? '', `(pid ${process.pid})`);
});

test.run();
