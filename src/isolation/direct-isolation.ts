/** One instance, on this host's own 127.0.0.1:8000, as the user that httpfn runs as. */

import { setTimeout as delay } from 'node:timers/promises';
import type { EdgeProgram } from '../contract/edge-program.ts';
import { suitsZygote } from '../contract/edge-start.ts';
import type { HostVariables } from '../contract/environment.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import { LIMITS } from '../contract/limits.ts';
import type { SandboxSettings } from '../contract/sandbox-settings.ts';
import { writtenProgram } from '../process/code-folder.ts';
import { endWithHost } from '../process/end-with-host.ts';
import { launch } from '../process/launch.ts';
import type { Isolation, Sandbox, StartRequest } from '../process/sandbox.ts';
import { suitsShell } from '../process/shell-start.ts';
import { stoppedError } from '../process/start-errors.ts';
import type { Log } from '../telemetry/log.ts';
import { CodeJudge } from './code-judge.ts';
import { directLimits } from './direct-limits.ts';
import { DirectSandbox } from './direct-sandbox.ts';
import { type DirectZygote, type DirectZygotes, directZygotes } from './direct-zygotes.ts';
import { isEdge } from './is-edge.ts';
import { MemoryWatch } from './memory-watch.ts';
import type { Tenant } from './tenant.ts';
import type { ZygoteStock } from './zygote-stock.ts';

const MIB = 1024 * 1024;
const WAIT_MS_MAX = LIMITS.drainGraceMs + LIMITS.stopGraceMs;

export interface DirectOptions {
	/** For tests; the platform's port otherwise. */
	readonly port?: number;
	/** Milliseconds that a start waits for the instance before; for tests. */
	readonly waitMs?: number;
	/** This process is somebody else's program. It may end without ending its instances: they are to end with it all the same. No engine is made ahead. */
	readonly endsWithHost?: boolean;
	/** Learns of what ended while it waited for a function. */
	readonly report?: (message: string, error: Error) => void;
	/** Resolves when no other httpfn has the port any more, and never rejects; left out: none has. */
	readonly cleared?: () => Promise<void>;
}

export class DirectIsolation implements Isolation {
	readonly kind = 'direct';
	readonly instancesMax = 1;
	readonly #port: number;
	readonly #waitMs: number;
	readonly #endsWithHost: boolean;
	readonly #admitted = new WeakSet<SandboxSettings>();
	readonly #watch = new MemoryWatch();
	/** Functions run as the user that httpfn runs as. */
	readonly #code = new CodeJudge(false);
	readonly #report: (message: string, error: Error) => void;
	/** Made with the first function; null where there are none. */
	#zygotes: DirectZygotes | null | undefined;
	readonly #cleared: () => Promise<void>;
	#closed = false;
	/** Resolves when the instance before has ended, and never rejects; null: it has. */
	#occupied: Promise<void> | null = null;

	constructor(options: DirectOptions = {}) {
		this.#port = options.port ?? LIMITS.functionPort;
		this.#waitMs = options.waitMs ?? WAIT_MS_MAX;
		this.#endsWithHost = options.endsWithHost ?? false;
		this.#report = options.report ?? (() => {});
		this.#cleared = options.cleared ?? (() => Promise.resolve());
	}

	/**
	 * Says once what of these settings changes nothing here. Throws ERR_ISOLATION_UNAVAILABLE where they restrict the function in a
	 * way that would not hold.
	 */
	admit({ function: { name }, sandbox }: Tenant, log: Log): void {
		const { refused, ignored, visible } = directLimits(sandbox);
		if (refused.length > 0) {
			throw new RuntimeError(
				'ERR_ISOLATION_UNAVAILABLE',
				`Could not restrict the function ${name}: found ${refused.join(', ')}, and direct isolation; wanted a host with namespaces, or egress open`,
			);
		}
		if (this.#admitted.has(sandbox)) return;
		this.#admitted.add(sandbox);
		if (ignored.length > 0)
			log.write('warn', 'direct isolation does not keep these settings', { name, ignored });
		if (visible.length > 0) log.write('info', 'direct isolation hides no files', { name, visible });
	}

	/**
	 * Waits for the end of the instance before: two would fight for the port. One that is on its way out is gone within the grace of a
	 * drain and of a stop; one that stays is another function's, which leaves no room.
	 */
	async start(request: StartRequest): Promise<Sandbox> {
		this.admit({ function: request.settings, sandbox: request.sandbox }, request.log);
		const before = this.#occupied;
		const started = this.#after(before, request);
		const occupied = started
			.then(
				(sandbox) => sandbox.ended,
				() => before ?? undefined,
			)
			.then(() => {
				if (this.#occupied === occupied) this.#occupied = null;
			});
		this.#occupied = occupied;
		return started;
	}

	/** Has made ahead what becomes this function. */
	warm(settings: FunctionSettings, host: HostVariables): void {
		if (!this.#closed) this.#zygotesFor(settings, isEdge(settings), host)?.refill();
	}

	async close(): Promise<void> {
		this.#closed = true;
		await this.#zygotes?.close();
	}

	/** Null for a function that none can become. */
	#zygotesFor(
		settings: FunctionSettings,
		isEdge: boolean,
		host: HostVariables,
	): ZygoteStock<DirectZygote> | null {
		if (this.#endsWithHost || !(isEdge ? suitsZygote(settings) : suitsShell(settings.environment)))
			return null;
		if (this.#zygotes === undefined) this.#zygotes = directZygotes(host, this.#report);
		if (this.#zygotes === null) return null;
		return isEdge ? this.#zygotes.engines : this.#zygotes.shells(settings.codeRoot);
	}

	/** Null for a function that bash starts. Throws ERR_CODE_FOLDER_MISSING or ERR_BOOTSTRAP_*. */
	#edgeProgram({ codeRoot, edge }: FunctionSettings): EdgeProgram | null {
		return edge ?? writtenProgram(codeRoot, this.#code.bootstrap(codeRoot));
	}

	async #after(before: Promise<void> | null, request: StartRequest): Promise<DirectSandbox> {
		await this.#cleared();
		if (before !== null) await this.#within(before);
		return this.#launch(request);
	}

	async #within(free: Promise<void>): Promise<void> {
		const patience = new AbortController();
		const waited = delay(this.#waitMs, true, { signal: patience.signal }).catch(() => false);
		const late = await Promise.race([free.then(() => false), waited]);
		patience.abort();
		if (!late) return;
		throw new RuntimeError(
			'ERR_ISOLATION_UNAVAILABLE',
			'Could not start an instance: another function has the one port of this host, and direct isolation has no other; wanted a host with namespaces',
		);
	}

	async #launch({ settings, hostEnvironment, signal }: StartRequest): Promise<DirectSandbox> {
		if (signal?.aborted === true) throw stoppedError();
		const edge = this.#edgeProgram(settings);
		const launched = await launch({
			settings,
			edge,
			hostEnvironment,
			port: this.#port,
			takeZygote: () => this.#zygotesFor(settings, edge !== null, hostEnvironment)?.take(null) ?? null,
		});
		const sandbox = new DirectSandbox(launched, this.#port, this.#watch, settings.memoryMb * MIB);
		if (this.#endsWithHost) {
			const { pid } = launched.process;
			void sandbox.ended.then(endWithHost({ pid, marker: launched.marker }, hostEnvironment.PATH));
		}
		return sandbox;
	}
}
