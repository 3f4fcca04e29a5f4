import { createServer } from 'node:http';

const server = createServer((request, response) => {
	const requestId = request.headers['x-cff-request-id'];
	console.log(`${request.method} ${request.url} ${requestId}`);

	if (request.method === 'POST') {
		response.setHeader('Content-Type', request.headers['content-type'] ?? 'application/octet-stream');
		request.pipe(response);
		return;
	}

	const answer = {
		message: process.env.GREETING ?? 'Hello from Node.js',
		method: request.method,
		target: request.url,
		headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => name.startsWith('x-'))),
		environment: Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('RUNTIME_'))),
	};
	response.setHeader('Content-Type', 'application/json; charset=utf-8');
	response.end(`${JSON.stringify(answer, null, 2)}\n`);
});

server.listen(8000, '127.0.0.1');

// What is in flight is answered first.
process.once('SIGTERM', () => server.close());
