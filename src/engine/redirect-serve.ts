/** The engine's own servers, whatever port the program names, at one place. */
import type { BunServeOptions, BunServer } from './fetch-server.ts';

export interface ServePlace {
	readonly host: string;
	readonly port: number;
}

/** What stops a server. */
export type StopServer = () => Promise<void>;

interface Engines {
	readonly Bun?: { serve(options: BunServeOptions): BunServer };
	readonly Deno?: { serve(...given: readonly unknown[]): DenoServer };
}

interface DenoServer {
	shutdown(): Promise<void>;
}

/**
 * From now on `Bun.serve` on Bun, or `Deno.serve` on Deno, listens there. `onServe` is told of each server; what it throws, the caller of
 * serve gets.
 */
export function redirectServe(place: ServePlace, onServe: (stop: () => StopServer) => void): void {
	const { Bun, Deno } = globalThis as Engines;
	if (Bun !== undefined) redirectBun(Bun, place, onServe);
	if (Deno !== undefined) redirectDeno(Deno, place, onServe);
}

type Redirected<Engine> = { -readonly [Key in keyof Engine]: Engine[Key] };

function redirectBun(
	bun: Redirected<NonNullable<Engines['Bun']>>,
	{ host: hostname, port }: ServePlace,
	onServe: (stop: () => StopServer) => void,
): void {
	const serve = bun.serve;
	bun.serve = (given) => {
		let server: BunServer | null = null;
		onServe(() => async () => server?.stop());
		const { unix: _unix, tls: _tls, ...options } = given;
		server = serve({ idleTimeout: 0, development: false, ...options, hostname, port });
		return server;
	};
}

function redirectDeno(
	deno: Redirected<NonNullable<Engines['Deno']>>,
	{ host: hostname, port }: ServePlace,
	onServe: (stop: () => StopServer) => void,
): void {
	const serve = deno.serve;
	deno.serve = (...given) => {
		const { options, handler } = denoArguments(given);
		let server: DenoServer | null = null;
		onServe(() => async () => server?.shutdown());
		const { path: _path, cert: _cert, key: _key, ...kept } = options;
		server = serve({ onListen() {}, ...kept, hostname, port }, handler);
		return server;
	};
}

/** Of `serve(handler)`, `serve(options, handler)` and `serve({ handler, …options })`. */
export function denoArguments(given: readonly unknown[]): {
	readonly options: Readonly<Record<string, unknown>>;
	readonly handler: unknown;
} {
	const [first, second] = given;
	if (typeof first === 'function') return { options: {}, handler: first };
	const options = (first ?? {}) as Readonly<Record<string, unknown>>;
	const { handler, ...others } = options;
	return { options: others, handler: second ?? handler };
}
