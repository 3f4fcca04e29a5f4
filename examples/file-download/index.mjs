import { createServer } from 'node:http';

const server = createServer((request, response) => {
	const url = new URL(request.url, 'http://function');
	if (url.pathname !== '/file') {
		const headers = Object.entries(request.headers).filter(([name]) => name.startsWith('x-'));
		response.setHeader('Content-Type', 'application/json; charset=utf-8');
		response.end(`${JSON.stringify({ message: 'See /file?bytes=1000', headers: Object.fromEntries(headers) }, null, 2)}\n`);
		return;
	}

	const bytes = Number(url.searchParams.get('bytes') ?? 1024);
	const name = url.searchParams.get('name') ?? 'report.bin';
	response.setHeader('Content-Type', 'application/octet-stream');
	response.setHeader('Content-Disposition', `attachment; filename="report.bin"; filename*=UTF-8''${encodeURIComponent(name)}`);
	// With ?chunked the length is not told beforehand.
	if (!url.searchParams.has('chunked')) response.setHeader('Content-Length', bytes);
	response.flushHeaders();
	response.end(content(bytes));
});

/** Numbers 0, 1, 2 … as 32 bits each, so that a byte lost, doubled or moved shows. */
function content(bytes) {
	const numbers = Uint32Array.from({ length: Math.ceil(bytes / 4) }, (_, index) => index);
	return Buffer.from(numbers.buffer, 0, bytes);
}

server.listen(8000, '127.0.0.1');
