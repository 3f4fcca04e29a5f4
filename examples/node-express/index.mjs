import express from 'express';

const app = express();
app.disable('x-powered-by');

app.get('/{*path}', (request, response) => {
	response.json({
		message: 'Hello from Express',
		method: request.method,
		target: request.originalUrl,
		headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => name.startsWith('x-'))),
	});
});

app.post('/{*path}', express.raw({ type: () => true, limit: '6mb' }), (request, response) => {
	response.set('Content-Type', request.get('Content-Type') ?? 'application/octet-stream');
	response.end(request.body);
});

const server = app.listen(8000, '127.0.0.1');

// What is in flight is answered first.
process.once('SIGTERM', () => server.close());
