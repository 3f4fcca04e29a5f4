/** What makes the figures of a load worthless. */
import net from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mostUnderWay } from '../../bench/h2load.ts';
import { loadProblems } from '../../bench/load-problems.ts';
import { silentConnections } from '../../bench/silent-connections.ts';
import { until } from '../harness/until.ts';

const SILENT_MS = 100;
const COUNTED = {
	...{ requests: 1, seconds: 1, cpuSeconds: 1, p50Ms: 0, p99Ms: 0, peakRssKib: 1, rssKib: [1] },
	...{ errors: 0, silentConnections: 0, silentStreams: 0, bytesMissing: 0 },
};

const test = suite('bench loads');

test('B-92: connections that get nothing are told from those that do, however many they are', async () => {
	const served: net.Socket[] = [];
	const server = net.createServer((socket) => served.push(socket.on('error', () => {})));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as net.AddressInfo;
	const clients = [1, 2, 3].map(() => net.connect(port, '127.0.0.1').resume());
	try {
		await until('three connections', () => (served.length === 3 ? served : null));
		for (const talking of [2, 3]) {
			await until(`${3 - talking} that are silent`, async () => {
				for (const socket of served.slice(0, talking)) socket.write('x');
				return (await silentConnections(port, SILENT_MS)) === 3 - talking ? talking : null;
			});
		}
	} finally {
		for (const socket of [...clients, ...served]) socket.destroy();
		server.close();
	}
});

test('B-92: of streams, those are told that are never under way with an answer to come', () => {
	// Four streams one after another, 100 ms each; the last of them stops at 400 ms.
	const stream = (count: number) =>
		Array.from({ length: count }, (_, index) => ({ startMs: index * 100, tookMs: 99 }));
	const all = [10, 10, 10].flatMap(stream);
	assert.is(mostUnderWay([...all, ...stream(10)], 1), 4);
	assert.is(mostUnderWay([...all, ...stream(4)], 1), 3);
	assert.is(mostUnderWay([], 1), 0);
});

test('B-92: a load with connections that hang, without an answer, or with short ones is told as such', () => {
	assert.equal(loadProblems('here', COUNTED), []);
	const changes = [
		{ silentConnections: 16 },
		{ silentStreams: 3 },
		{ requests: 0 },
		{ bytesMissing: 1 },
		{ errors: 2 },
	];
	const wanted = [
		/^here: 16 connections hang: /,
		/^here: 3 streams hang: /,
		/^here: no request/,
		/1 bytes short$/,
		/counted 2 errors$/,
	];
	for (const [index, change] of changes.entries()) {
		const problems = loadProblems('here', { ...COUNTED, ...change });
		assert.is(problems.length, 1);
		assert.match(problems[0] ?? '', wanted[index] ?? '');
	}
});

test.run();
