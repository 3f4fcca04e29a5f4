/** Puts in what the author's files name of another engine, where this one does not have it. */
import type { EdgeGlobal } from '../contract/edge-program.ts';
import { serveFetch } from '../engine/fetch-server.ts';
import type { FetchServer } from '../engine/fetch-server-options.ts';
import type { ServePlace } from '../engine/redirect-serve.ts';
import { bunGlobal } from './bun-global.ts';
import { denoGlobal } from './deno-global.ts';
import type { Handler } from './find-handler.ts';
import type { GlobalHost, HostProcess } from './global-host.ts';

export interface GlobalsOptions {
	readonly place: ServePlace;
	/** Told of a server that is asked for. */
	onServe(stop: () => () => Promise<void>): void;
	answering(handler: Handler): (request: Request) => Promise<Response>;
	readonly process: HostProcess;
}

function make(name: EdgeGlobal, host: GlobalHost): object {
	return name === 'Bun' ? bunGlobal(host) : denoGlobal(host);
}

export function installGlobals(names: readonly EdgeGlobal[], options: GlobalsOptions) {
	let starting: Promise<FetchServer> | null = null;
	const start: GlobalHost['start'] = (handler) => {
		const stop = async (): Promise<void> => (await starting)?.stop();
		options.onServe(() => stop);
		starting = serveFetch({ ...options.place, fetch: options.answering(handler) });
		// Its failure is told by `settled`.
		starting.catch(() => {});
		return { stop };
	};
	for (const name of names) {
		if (name in globalThis) continue;
		const value = make(name, { start, process: options.process });
		Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
	}
	return {
		/** Resolves when a server that was asked for listens; rejects where it can not. */
		settled: async (): Promise<void> => {
			await starting;
		},
	};
}
