import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const server = createServer(async (request, response) => {
	const url = new URL(request.url, 'http://function');
	if (url.pathname !== '/events') {
		const headers = Object.entries(request.headers).filter(([name]) => name.startsWith('x-'));
		response.setHeader('Content-Type', 'application/json; charset=utf-8');
		response.end(`${JSON.stringify({ message: 'See /events', headers: Object.fromEntries(headers) }, null, 2)}\n`);
		return;
	}

	// Without count the stream has no end of its own: it runs until the client leaves or the timeout comes.
	const count = Number(url.searchParams.get('count') ?? Number.POSITIVE_INFINITY);
	const intervalMs = Number(url.searchParams.get('interval_ms') ?? 1000);
	const left = new AbortController();
	response.on('close', () => left.abort());
	response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' });
	for (let n = 1; n <= count && !left.signal.aborted; n++) {
		response.write(`id: ${n}\ndata: event ${n}\n\n`);
		if (n < count) await pause(intervalMs, undefined, { signal: left.signal }).catch(() => {});
	}
	console.log(left.signal.aborted ? 'the client left' : 'the stream is complete');
	response.end();
});

server.listen(8000, '127.0.0.1');
