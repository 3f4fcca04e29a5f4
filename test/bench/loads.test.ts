/** The loads of the benchmark: what they count, and what they refuse to take for an answer. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { closedLoop } from '../../src/bench/closed-loop.ts';
import { getRequest } from '../../src/bench/load-request.ts';
import { openLoop } from '../../src/bench/open-loop.ts';
import { sortedQuantile } from '../../src/bench/statistics.ts';

const test = suite('bench/loads');

interface Serving extends AsyncDisposable {
	readonly url: URL;
}

async function serving(listener: RequestListener): Promise<Serving> {
	const server: Server = createServer(listener);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
		async [Symbol.asyncDispose]() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

test('B-75: a closed loop keeps so many requests in flight, counts those that were answered, and ends in time', async () => {
	let [now, most, served] = [0, 0, 0];
	await using server = await serving((_request, response) => {
		now += 1;
		most = Math.max(most, now);
		setImmediate(() => {
			now -= 1;
			served += 1;
			response.end('four');
		});
	});
	const { requests, seconds } = await closedLoop(getRequest(server.url, '/', 4, false), 3, 100);
	assert.is(requests, served);
	assert.ok(requests > 3 && most > 1 && most <= 3, `${requests} requests, ${most} at once`);
	assert.ok(seconds >= 0.1);
});

test('B-75: a load ends at the first answer that is not right: status, length, or none', async () => {
	await using server = await serving((request, response) => {
		if (request.url === '/gone') return void request.socket.destroy();
		response.statusCode = request.url === '/broken' ? 503 : 200;
		response.end('four');
	});
	for (const [path, bytes, why] of [
		['/broken', 4, '503'],
		['/', 5, '4 bytes'],
		['/gone', 4, 'closed'],
	] as const) {
		const request = getRequest(server.url, path, bytes, false);
		const outcomes = await Promise.allSettled([closedLoop(request, 2, 5000), openLoop(request, 50, 5000)]);
		for (const outcome of outcomes) {
			assert.is(outcome.status, 'rejected', path);
			if (outcome.status === 'rejected') assert.match(String(outcome.reason), why);
		}
	}
});

test('B-76: requests that are due while a server stalls are counted with their wait, each from its own time', async () => {
	const STALL_MS = 200;
	let asked = 0;
	await using server = await serving((_request, response) => {
		asked += 1;
		// Stalls everything, as a garbage collector does.
		if (asked === 20) {
			const untilMs = performance.now() + STALL_MS;
			while (performance.now() < untilMs);
		}
		response.end('four');
	});
	const latencies = await openLoop(getRequest(server.url, '/', 4, false), 200, 1000);
	assert.is(latencies.length, 200);
	// A load that waits for its answer would have one slow request; at a fixed rate forty are due meanwhile.
	const slow = latencies.filter((ms) => ms > STALL_MS / 4).length;
	assert.ok(slow >= 20, `${slow} slow requests`);
	assert.ok(sortedQuantile(latencies, 1) >= STALL_MS * 0.9);
});

test('B-76: each request of a load of new connections has one of its own', async () => {
	const ports = new Set<number>();
	await using server = await serving((request, response) => {
		ports.add(request.socket.remotePort ?? 0);
		response.end('four');
	});
	const latencies = await openLoop(getRequest(server.url, '/', 4, true), 100, 300);
	assert.is(ports.size, latencies.length);
});

test.run();
