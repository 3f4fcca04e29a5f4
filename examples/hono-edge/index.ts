import { Hono } from 'hono';

const app = new Hono();

app.get('*', (c) => {
	const { pathname, search } = new URL(c.req.url);
	const headers = [...c.req.raw.headers].filter(([name]) => name.startsWith('x-'));
	return c.json({
		message: 'Hello from Hono',
		method: c.req.method,
		target: pathname + search,
		headers: Object.fromEntries(headers),
	});
});

app.post('*', (c) =>
	c.body(c.req.raw.body, 200, {
		'Content-Type': c.req.header('Content-Type') ?? 'application/octet-stream',
	}),
);

export default app;
