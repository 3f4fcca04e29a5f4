import { readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

/** What is served: everything below it, and nothing else. */
const ROOT = join(process.cwd(), 'public');

const TYPES: Readonly<Record<string, string>> = {
	'.css': 'text/css; charset=utf-8',
	'.html': 'text/html; charset=utf-8',
	'.ico': 'image/x-icon',
	'.jpg': 'image/jpeg',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json',
	'.pdf': 'application/pdf',
	'.png': 'image/png',
	'.svg': 'image/svg+xml',
	'.txt': 'text/plain; charset=utf-8',
	'.wasm': 'application/wasm',
	'.webp': 'image/webp',
	'.woff2': 'font/woff2',
	'.xml': 'application/xml',
};

export default {
	async fetch(request: Request): Promise<Response> {
		if (request.method !== 'GET' && request.method !== 'HEAD') {
			return new Response('Method not allowed\n', { status: 405, headers: { Allow: 'GET, HEAD' } });
		}
		const { pathname, search } = new URL(request.url);
		const path = fileOf(pathname);
		const found = path === null ? null : await stat(path).catch(() => null);
		if (path === null || found === null) return await notFound();
		if (found.isDirectory()) {
			return new Response(null, { status: 308, headers: { Location: `./${basename(pathname)}/${search}` } });
		}
		const etag = `W/"${found.size.toString(16)}-${Math.floor(found.mtimeMs).toString(16)}"`;
		const headers = {
			'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
			// Kept by browsers, which ask each time whether it is still the same.
			'Cache-Control': 'no-cache',
			ETag: etag,
		};
		if (request.headers.get('If-None-Match')?.includes(etag)) return new Response(null, { status: 304, headers });
		return new Response(await readFile(path), { headers });
	},
};

/** Null for what no file of the site can be: a way out of the folder, or a name that begins with a dot. */
function fileOf(pathname: string): string | null {
	try {
		const path = decodeURIComponent(pathname);
		if (/\/\.|\\|\0/.test(path)) return null;
		return join(ROOT, path.endsWith('/') ? `${path}index.html` : path);
	} catch {
		return null;
	}
}

async function notFound(): Promise<Response> {
	const page = await readFile(join(ROOT, '404.html'));
	return new Response(page, { status: 404, headers: { 'Content-Type': TYPES['.html'] ?? '' } });
}
