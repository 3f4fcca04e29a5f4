/** `Deno`, on the other engines: what fetch handlers use of it. docs/edge.md lists it. */
import fs from 'node:fs';
import files from 'node:fs/promises';
import os from 'node:os';
import process from 'node:process';
import { inspect } from 'node:util';
import { LIMITS } from '../contract/limits.ts';
import { denoArguments } from '../engine/redirect-serve.ts';
import type { Handler } from './find-handler.ts';
import type { GlobalHost, HostProcess } from './global-host.ts';
import { partialApi } from './partial-api.ts';

type FilePath = string | URL;

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

export function denoGlobal({ start, process: host }: GlobalHost): object {
	const { functionHost: hostname, functionPort: port } = LIMITS;
	return partialApi('Deno', {
		serve(...given: readonly unknown[]) {
			const { options, handler } = denoArguments(given);
			if (typeof handler !== 'function')
				throw new TypeError('Deno.serve: found no handler, wanted a function');
			const { stop } = start(denoHandler(handler as Handler, options.onError));
			const addr = { transport: 'tcp', hostname, port } as const;
			let shutdown = stop;
			const finished = new Promise<void>((resolve) => {
				shutdown = () => stop().then(resolve);
			});
			return { addr, finished, shutdown, ref() {}, unref() {} };
		},
		env: environmentOf(host),
		cwd: () => process.cwd(),
		args: process.argv.slice(2),
		pid: process.pid,
		exit: (code = 0) => host.exit(code),
		hostname: () => os.hostname(),
		memoryUsage: () => process.memoryUsage(),
		noColor: true,
		inspect,
		build: { os: process.platform, arch: ARCHITECTURES[process.arch] ?? process.arch, standalone: false },
		errors: ERRORS,
		addSignalListener: (name: NodeJS.Signals, listener: () => void) => void process.on(name, listener),
		removeSignalListener: (name: NodeJS.Signals, listener: () => void) => void process.off(name, listener),
		readTextFile: (name: FilePath) => asDeno(() => files.readFile(name, 'utf8')),
		readTextFileSync: (name: FilePath) => fs.readFileSync(name, 'utf8'),
		readFile: (name: FilePath) => asDeno(async () => new Uint8Array(await files.readFile(name))),
		readFileSync: (name: FilePath) => new Uint8Array(fs.readFileSync(name)),
		writeTextFile: (name: FilePath, text: string) => asDeno(() => files.writeFile(name, text)),
		writeFile: (name: FilePath, bytes: Uint8Array) => asDeno(() => files.writeFile(name, bytes)),
		stat: (name: FilePath) => asDeno(async () => statOf(await files.stat(name))),
		remove: (name: FilePath, options = {}) => asDeno(() => files.rm(name, options)),
		mkdir: (name: FilePath, options = {}) => asDeno(async () => void (await files.mkdir(name, options))),
		makeTempDir: () => asDeno(() => files.mkdtemp(`${os.tmpdir()}/`)),
	});
}

/** `onError` answers for what the handler throws. */
function denoHandler(handler: Handler, onError: unknown): Handler {
	const { functionHost: hostname } = LIMITS;
	return async (request) => {
		try {
			const remoteAddr = {
				transport: 'tcp',
				hostname: request.headers.get('x-real-ip') ?? hostname,
				port: 0,
			};
			return await handler(request, { remoteAddr, completed: Promise.resolve() }, undefined);
		} catch (error) {
			if (typeof onError !== 'function') throw error;
			return onError(error);
		}
	};
}

function environmentOf({ environment }: HostProcess): object {
	return {
		get: (name: string) => environment[name],
		has: (name: string) => environment[name] !== undefined,
		set: (name: string, value: string) => {
			environment[name] = value;
		},
		delete: (name: string) => {
			delete environment[name];
		},
		toObject: () => ({ ...environment }),
	};
}

class NotFound extends Error {
	override readonly name = 'NotFound';
}
class PermissionDenied extends Error {
	override readonly name = 'PermissionDenied';
}
class AlreadyExists extends Error {
	override readonly name = 'AlreadyExists';
}
const ERRORS = { NotFound, PermissionDenied, AlreadyExists };
const BY_CODE: Readonly<Record<string, new (message: string, options: ErrorOptions) => Error>> = {
	ENOENT: NotFound,
	EACCES: PermissionDenied,
	EPERM: PermissionDenied,
	EEXIST: AlreadyExists,
};

/** Errors are of the classes that code written for it looks for. */
async function asDeno<T>(call: () => Promise<T>): Promise<T> {
	try {
		return await call();
	} catch (error) {
		const { code = '', message } = error as NodeJS.ErrnoException;
		const Known = BY_CODE[code];
		throw Known === undefined ? error : new Known(message, { cause: error });
	}
}

function statOf(found: fs.Stats): object {
	const { size, mtime, birthtime, mode } = found;
	const kind = {
		isFile: found.isFile(),
		isDirectory: found.isDirectory(),
		isSymlink: found.isSymbolicLink(),
	};
	return { ...kind, size, mtime, birthtime, mode };
}
