/**
 * The servers that the command line knows by name, in one file of the user's: `contexts.json` below `$XDG_CONFIG_HOME/httpfn`, else
 * below `~/.config/httpfn`. It holds secrets: mode 600 in a folder of mode 700, and one that others may read is refused. Written whole
 * or not at all.
 */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import * as z from 'zod/mini';
import { ConfigError, valueMistake } from './config-error.ts';

export type ServerCredentials =
	/** A server on this machine that nobody has set up users for. */
	| { readonly kind: 'none' }
	| { readonly kind: 'keys'; readonly accessKey: string; readonly secretKey: string }
	| { readonly kind: 'token'; readonly token: string };

export interface ServerContext {
	/** `http://127.0.0.1:9080`: what the platform's paths are put after. */
	readonly endpoint: string;
	/** Null: not said. */
	readonly projectId: string | null;
	readonly region: string | null;
	readonly credentials: ServerCredentials;
}

export interface Contexts {
	/** The one that holds where no other is named; null: none. */
	readonly current: string | null;
	readonly servers: ReadonlyMap<string, ServerContext>;
}

const OTHERS_MODE = 0o077;

export function contextPath(environment: Readonly<Record<string, string>>): string {
	const given = environment.XDG_CONFIG_HOME ?? '';
	const folder = path.isAbsolute(given) ? given : path.join(environment.HOME ?? '/', '.config');
	return path.join(folder, 'httpfn', 'contexts.json');
}

/** None where there is no file. Throws a ConfigError that says what is wrong with it, and shows no value of it. */
export function readContexts(file: string): Contexts {
	const text = readPrivately(file);
	if (text === null) return { current: null, servers: new Map() };
	const found = schema().safeParse(parseJson(text));
	if (!found.success) {
		const where = found.error.issues[0]?.path.join('.') ?? '';
		throw mistaken(file, `malformed${where === '' ? '' : ` at ${where}`}, wanted what httpfn login writes`);
	}
	const { current, servers } = found.data;
	return { current, servers: new Map(Object.entries(servers)) };
}

export function writeContexts(file: string, { current, servers }: Contexts): void {
	const text = `${JSON.stringify({ current, servers: Object.fromEntries(servers) }, null, '\t')}\n`;
	const part = `${file}.${process.pid}.part`;
	try {
		fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
		fs.rmSync(part, { force: true });
		fs.writeFileSync(part, text, { mode: 0o600, flag: 'wx', flush: true });
		fs.renameSync(part, file);
	} catch (error) {
		fs.rmSync(part, { force: true });
		throw mistaken(file, `cannot be written (${codeOf(error)}), wanted a file of this user's`);
	}
}

function readPrivately(file: string): string | null {
	let descriptor: number;
	try {
		descriptor = fs.openSync(file, 'r');
	} catch (error) {
		const code = codeOf(error);
		if (code === 'ENOENT') return null;
		throw mistaken(file, `cannot be read (${code}), wanted a file of this user's`);
	}
	try {
		const mode = fs.fstatSync(descriptor).mode & 0o777;
		if ((mode & OTHERS_MODE) !== 0) {
			const found = mode.toString(8).padStart(3, '0');
			throw mistaken(file, `others may read it (mode ${found}), wanted mode 600: chmod 600 it`);
		}
		return fs.readFileSync(descriptor, 'utf8');
	} finally {
		fs.closeSync(descriptor);
	}
}

function schema() {
	const text = () => z.string().check(z.minLength(1));
	const maybe = () => z.nullable(text());
	const credentials = z.discriminatedUnion('kind', [
		z.strictObject({ kind: z.literal('none') }),
		z.strictObject({ kind: z.literal('keys'), accessKey: text(), secretKey: text() }),
		z.strictObject({ kind: z.literal('token'), token: text() }),
	]);
	const server = z.strictObject({ endpoint: text(), projectId: maybe(), region: maybe(), credentials });
	return z.strictObject({ current: maybe(), servers: z.record(text(), server) });
}

/** Undefined, which the schema refuses, where it is no JSON: the parser's own message would show a part of it. */
function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function mistaken(file: string, problem: string): ConfigError {
	return new ConfigError([valueMistake(file, problem)]);
}

function codeOf(error: unknown): string {
	return (error as NodeJS.ErrnoException).code ?? 'unreadable';
}
