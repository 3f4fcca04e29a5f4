/** `Bun`, on the other engines: what fetch handlers use of it. docs/edge.md lists it. */
import { createReadStream, statSync } from 'node:fs';
import { mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect, isDeepStrictEqual } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { LIMITS } from '../contract/limits.ts';
import type { Handler } from './find-handler.ts';
import type { GlobalHost } from './global-host.ts';
import { missingApi, partialApi } from './partial-api.ts';

interface ServeOptions {
	readonly fetch?: Handler;
	readonly error?: (error: unknown) => unknown;
	readonly [option: string]: unknown;
}

type Writable = string | Uint8Array | ArrayBuffer | Blob | Response | LazyFile;

/** Options of Bun.serve that change what requests meet, and are not there. */
const MISSING_OPTIONS = ['routes', 'static', 'websocket'];

export function bunGlobal({ start, process: host }: GlobalHost): object {
	const { functionHost: hostname, functionPort: port } = LIMITS;
	return partialApi('Bun', {
		serve(options: ServeOptions) {
			for (const name of MISSING_OPTIONS) {
				if (options[name] !== undefined) throw missingApi(`Bun.serve({ ${name} })`);
			}
			const url = new URL(`http://${hostname}:${port}/`);
			const server: object = { hostname, port, url, development: false };
			return Object.assign(server, start(bunHandler(options, server)));
		},
		env: host.environment,
		file: (given: string | URL) => new LazyFile(given),
		write: async (to: string | URL | LazyFile, what: Writable) => {
			const file = to instanceof LazyFile ? to : new LazyFile(to);
			return file.write(what instanceof LazyFile ? await what.bytes() : what);
		},
		argv: process.argv,
		cwd: process.cwd(),
		main: process.argv[1] ?? '',
		sleep: (given: number | Date) => delay(typeof given === 'number' ? given : Number(given) - Date.now()),
		nanoseconds: () => Math.round(performance.now() * 1e6),
		inspect,
		deepEquals: (a: unknown, b: unknown) => isDeepStrictEqual(a, b),
		escapeHTML: (text: unknown) => String(text).replaceAll(/["&'<>]/g, (sign) => ESCAPES[sign] ?? sign),
		fileURLToPath,
		pathToFileURL,
		gzipSync: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)),
		gunzipSync: (bytes: Uint8Array) => new Uint8Array(gunzipSync(bytes)),
		readableStreamToText: (stream: ReadableStream) => new Response(stream).text(),
		readableStreamToJSON: (stream: ReadableStream) => new Response(stream).json(),
		readableStreamToArrayBuffer: (stream: ReadableStream) => new Response(stream).arrayBuffer(),
	});
}

const ESCAPES: Readonly<Record<string, string>> = {
	'"': '&quot;',
	'&': '&amp;',
	"'": '&#x27;',
	'<': '&lt;',
	'>': '&gt;',
};

/** `error` answers for what `fetch` throws; the second argument is the server. */
function bunHandler({ fetch, error }: ServeOptions, server: object): Handler {
	if (typeof fetch !== 'function') throw new TypeError('Bun.serve: fetch is missing, wanted a function');
	return async (request) => {
		try {
			return await fetch(request, server, undefined);
		} catch (thrown) {
			if (error === undefined) throw thrown;
			return error(thrown);
		}
	};
}

/** A BunFile: a name until it is read. */
class LazyFile {
	readonly name: string;

	constructor(given: string | URL) {
		this.name = given instanceof URL ? fileURLToPath(given) : given;
	}

	get size(): number {
		return statSync(this.name, { throwIfNoEntry: false })?.size ?? 0;
	}

	get lastModified(): number {
		return statSync(this.name, { throwIfNoEntry: false })?.mtimeMs ?? 0;
	}

	async exists(): Promise<boolean> {
		return statSync(this.name, { throwIfNoEntry: false })?.isFile() === true;
	}

	text(): Promise<string> {
		return readFile(this.name, 'utf8');
	}

	async json(): Promise<unknown> {
		return JSON.parse(await this.text());
	}

	async bytes(): Promise<Uint8Array<ArrayBuffer>> {
		return new Uint8Array(await readFile(this.name));
	}

	async arrayBuffer(): Promise<ArrayBuffer> {
		return (await this.bytes()).buffer;
	}

	stream(): ReadableStream<Uint8Array> {
		return Readable.toWeb(createReadStream(this.name)) as ReadableStream<Uint8Array>;
	}

	async write(what: Exclude<Writable, LazyFile>): Promise<number> {
		const content = what instanceof Response ? what : new Response(what as ArrayBuffer);
		const bytes = new Uint8Array(await content.arrayBuffer());
		await mkdir(path.dirname(this.name), { recursive: true });
		await writeFile(this.name, bytes);
		return bytes.byteLength;
	}

	unlink(): Promise<void> {
		return unlink(this.name);
	}
}
