import { once } from 'node:events';
import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeSockets } from '../../src/server/diagnose.ts';
import { runSource } from '../harness/source-process.ts';

const test = suite('httpfn doctor');

interface Finding {
	readonly name: string;
	readonly state: string;
	readonly found: string;
	readonly advice: string;
}

async function doctor(argv: readonly string[] = []): Promise<{ code: number | null; findings: Finding[] }> {
	const { code, stdout } = await runSource('src/cli/main.ts', ['doctor', '--json', ...argv]);
	return { code, findings: JSON.parse(stdout).capabilities };
}

test('U-26: doctor judges engine, bash, port, /proc, file descriptors, sockets and isolation, one line each', async () => {
	const { code, findings } = await doctor();
	const names = ['engine', 'bash', 'port 8000', '/proc', 'file descriptors', 'sockets', 'isolation'];
	assert.equal(
		findings.map(({ name }) => name).filter((_, index) => index < names.length),
		names,
	);
	assert.is(code, findings.some(({ state }) => state === 'missing') ? 1 : 0);
	for (const { name, state, advice } of findings) assert.is(state === 'ok', advice === '', name);
	const { stdout } = await runSource('src/cli/main.ts', ['doctor']);
	assert.is(stdout.trim().split('\n').length, findings.length);
});

test('U-26: doctor tells how sockets are read and written, and what would make it cheaper', () => {
	assert.equal(
		(['engine', 'calls', 'batches'] as const).map((support) => judgeSockets(support).state),
		['ok', 'limited', 'ok'],
	);
	assert.match(judgeSockets('calls').advice, 'io_uring');
});

test('U-26: doctor names the program that holds port 8000, and fails where functions need that port', async () => {
	const holder = net.createServer().listen(8000, '127.0.0.1');
	await once(holder, 'listening');
	const [direct, auto] = await Promise.all([doctor(['--isolation', 'direct']), doctor()]);
	holder.close();
	const portOf = ({ findings }: { findings: Finding[] }) => findings.find(({ name }) => name === 'port 8000');
	assert.equal([direct.code, portOf(direct)?.state], [1, 'missing']);
	assert.match(portOf(direct)?.found ?? '', `(pid ${process.pid})`);
	const apart = auto.findings.some(({ name, state }) => name === 'namespaces' && state === 'ok');
	assert.equal([auto.code, portOf(auto)?.state], apart ? [0, 'limited'] : [1, 'missing']);
});

test('U-82: doctor --isolation namespace fails unless namespaces are to be had', async () => {
	const { code, findings } = await doctor(['--isolation', 'namespace']);
	const isolation = findings.find(({ name }) => name === 'isolation');
	assert.equal([code, isolation?.state].join(' '), code === 0 ? '0 ok' : '1 missing');
});

test.run();
