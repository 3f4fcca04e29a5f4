/**
 * What runs instead of a bootstrap where the function is a fetch handler.
 *
 *   prepareHost: everything that all functions need is loaded
 *   serve:       globals ready → module imported → its handler found → 127.0.0.1:8000 listened on → until SIGTERM
 *                → the server takes nothing more → what `waitUntil` was given has ended
 */
import fs from 'node:fs';
import path from 'node:path';
import { type BundleHeader, type EdgeProgram, parseBundleHeader } from '../contract/edge-program.ts';
import { RuntimeError } from '../contract/errors.ts';
import { LIMITS } from '../contract/limits.ts';
import { serveFetch } from '../engine/fetch-server.ts';
import { importFile, type ModuleExports } from '../engine/import-file.ts';
import { redirectServe } from '../engine/redirect-serve.ts';
import { answerRequests } from './answer-request.ts';
import { Background, errorStack } from './background.ts';
import { findHandler, type Handler, noHandler } from './find-handler.ts';
import type { HostProcess } from './global-host.ts';
import { installGlobals } from './install-globals.ts';
import { isListenedOn } from './is-listened-on.ts';
import { loadFailure } from './load-failure.ts';
import type { Report } from './report.ts';

export interface HostOptions {
	readonly report: Report;
	/** A line for the function's log. */
	complain(text: string): void;
	/** Resolves when the function is to end. */
	readonly stopped: Promise<void>;
}

export interface ServeOptions {
	readonly program: EdgeProgram;
	readonly process: HostProcess;
}

/** A path, and a few words. */
const HEADER_BYTES_MAX = 16 * 1024;
const PLACE = { host: LIMITS.functionHost, port: LIMITS.functionPort };

/** Loads what is needed before the function is known. */
export async function prepareHost(options: HostOptions): Promise<EdgeHost> {
	return new EdgeHost(options);
}

export class EdgeHost {
	readonly #options: HostOptions;
	readonly #stops: Array<() => Promise<void>> = [];

	/** prepareHost makes it. */
	constructor(options: HostOptions) {
		this.#options = options;
	}

	/**
	 * Serves the function; the working directory is its code root. Resolves when it has been stopped. Rejects with ERR_EDGE_*, which has
	 * been reported, where it can not be served.
	 */
	async serve({ program, process }: ServeOptions): Promise<void> {
		try {
			await this.#serve(program, process);
		} catch (error) {
			if (error instanceof RuntimeError) {
				this.#options.report({ kind: 'failed', code: error.code, message: error.message });
			}
			throw error;
		}
	}

	async #serve({ bundle }: EdgeProgram, process: HostProcess): Promise<void> {
		const { environment } = process;
		const { report, complain, stopped } = this.#options;
		const header = readHeader(bundle);
		// Where programs for other places listen.
		environment.PORT ??= String(PLACE.port);
		const background = new Background({
			timeoutMs: Number(environment.RUNTIME_TIMEOUT ?? LIMITS.timeoutSecondsDefault) * 1000,
			onChange: (working) => report({ kind: 'working', working }),
			complain,
		});
		const answering = (handler: Handler) =>
			answerRequests({ handler, env: environment, background, complain });
		const onServe = (stop: () => () => Promise<void>): void => {
			if (this.#stops.length > 0) throw new Error('a second server was asked for; a function has one port');
			this.#stops.push(stop());
		};
		redirectServe(PLACE, onServe);
		const starting = installGlobals(header.globals, { place: PLACE, onServe, answering, process });
		const exports = await load(bundle, header);
		report({ kind: 'loaded' });
		await starting.settled();
		if (this.#stops.length === 0) await this.#listen(exports, header, answering);
		report({ kind: 'listening' });
		await stopped;
		await Promise.all(this.#stops.map((stop) => stop()));
		await background.quiet();
	}

	async #listen(
		exports: ModuleExports,
		{ entry }: BundleHeader,
		answering: (handler: Handler) => (request: Request) => Promise<Response>,
	): Promise<void> {
		const handler = findHandler(exports);
		if (handler === null) {
			// A server of its own, by node:http say, ends with the process.
			if (await isListenedOn(PLACE)) return;
			throw noHandler(entry);
		}
		const server = await serveFetch({ ...PLACE, fetch: answering(handler) });
		this.#stops.push(() => server.stop());
	}
}

function readHeader(bundle: string): BundleHeader {
	const text = readBeginning(bundle);
	const header = parseBundleHeader(text);
	if (header !== null) return header;
	const name = path.basename(bundle);
	throw new RuntimeError(
		'ERR_EDGE_LOAD',
		`${name} is no bundle of httpfn's: its second line does not say so`,
	);
}

/** At once: the first read that is not waited for would have the engine start its threads for files, in the midst of a cold start. */
function readBeginning(bundle: string): string {
	try {
		const file = fs.openSync(bundle, 'r');
		const bytes = Buffer.alloc(HEADER_BYTES_MAX);
		const count = fs.readSync(file, bytes, 0, bytes.length, 0);
		fs.closeSync(file);
		return bytes.toString('utf8', 0, count);
	} catch (cause) {
		throw new RuntimeError('ERR_EDGE_LOAD', `Could not read the bundle ${bundle}: ${cause}`, { cause });
	}
}

/** A module that waits for nothing that could still come leaves the engine with nothing to do: that is noticed. */
async function load(bundle: string, { entry }: BundleHeader): Promise<ModuleExports> {
	let onIdle = (): void => {};
	const stuck = new Promise<never>((_, reject) => {
		const message = `${entry} waits at its top level (await) for what never comes`;
		onIdle = () => reject(new RuntimeError('ERR_EDGE_LOAD', message));
	});
	process.once('beforeExit', onIdle);
	try {
		return await Promise.race([importFile(bundle), stuck]);
	} catch (error) {
		throw error instanceof RuntimeError ? error : loadFailure(entry, error, errorStack(error));
	} finally {
		process.off('beforeExit', onIdle);
	}
}
