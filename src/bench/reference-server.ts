/**
 * The function that the benchmark calls, and its reference: a server that has none of this product's code on the way of a request, so
 * that what it takes tells how fast the machine and the engine are at the moment.
 *
 *     GET /sized/N    N bytes with Content-Length        GET /pieces/N   the same, chunked
 *     GET /stamps     when it was started, when it listened, when this request came (JSON, milliseconds since 1970)
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Stamps {
	/** When the bootstrap began, by its own clock. */
	readonly beganMs: number;
	readonly listeningMs: number;
	readonly requestMs: number;
}

const PIECE_BYTES = 16_384;
const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** Listens; resolves with the port. `beganMs` is what the bootstrap has stamped. */
export async function startReferenceServer(port: number, beganMs: number): Promise<number> {
	let listeningMs = 0;
	const server = createServer((request, response) => {
		const requestMs = performance.timeOrigin + performance.now();
		if (request.url === '/stamps') {
			const stamps: Stamps = { beganMs, listeningMs, requestMs };
			response.setHeader('Content-Type', 'application/json');
			response.end(JSON.stringify(stamps));
			return;
		}
		answer(request, response);
	});
	// Idle connections of a round wait for one another; nobody else is there.
	server.keepAliveTimeout = 0;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen({ host: '127.0.0.1', port, backlog: 1024 }, resolve);
	});
	listeningMs = performance.timeOrigin + performance.now();
	const bound = server.address();
	return typeof bound === 'object' && bound !== null ? bound.port : port;
}

function answer(request: IncomingMessage, response: ServerResponse): void {
	const [, kind, digits = ''] = /\/(sized|pieces)\/(\d{1,8})$/.exec(request.url ?? '') ?? [];
	const bytes = Math.min(Number(digits), BODY_BYTES_MAX);
	request.resume();
	if (kind === undefined) {
		response.statusCode = 404;
		response.end();
		return;
	}
	response.setHeader('Content-Type', 'application/octet-stream');
	const body = bodyOf(bytes);
	if (kind === 'sized') {
		response.setHeader('Content-Length', bytes);
		response.end(body);
		return;
	}
	response.flushHeaders();
	writePieces(response, body, 0);
}

/** No faster than they are taken. */
function writePieces(response: ServerResponse, body: Buffer, from: number): void {
	for (let at = from; at < body.length; at += PIECE_BYTES) {
		if (response.write(body.subarray(at, at + PIECE_BYTES))) continue;
		response.once('drain', () => writePieces(response, body, at + PIECE_BYTES));
		return;
	}
	response.end();
}

const bodies = new Map<number, Buffer>();

function bodyOf(bytes: number): Buffer {
	const known = bodies.get(bytes);
	if (known !== undefined) return known;
	const made = Buffer.alloc(bytes, 'what a function answers, neither long nor short; ');
	bodies.set(bytes, made);
	return made;
}
