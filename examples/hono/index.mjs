import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const app = new Hono();

app.get('*', (c) => {
	const headers = Object.entries(c.req.header()).filter(([name]) => name.startsWith('x-'));
	return c.json({
		message: 'Hello from Hono',
		method: c.req.method,
		target: c.env.incoming.url,
		headers: Object.fromEntries(headers),
	});
});

app.post('*', async (c) =>
	c.body(await c.req.arrayBuffer(), 200, {
		'Content-Type': c.req.header('Content-Type') ?? 'application/octet-stream',
	}),
);

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 8000 });
