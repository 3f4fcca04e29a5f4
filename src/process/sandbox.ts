/**
 * Where one instance runs: its own 127.0.0.1:8000, its files and its limits. What is promised here holds for every kind of
 * isolation; how it comes about is that kind's business.
 */
import type { HostVariables } from '../contract/environment.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import type { SandboxSettings } from '../contract/sandbox-settings.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { ByteSource } from '../engine/pipe.ts';
import type { Log } from '../telemetry/log.ts';
import type { Readiness } from './readiness.ts';

export interface StartRequest {
	readonly settings: FunctionSettings;
	readonly sandbox: SandboxSettings;
	/** The environment of httpfn itself; the contract decides what of it a function sees. */
	readonly hostEnvironment: HostVariables;
	/** For what the isolation itself has to say of this instance: a refused destination, say. */
	readonly log: Log;
	/** Aborts when the instance is not wanted any more: a start that still waits for its turn is given up, with ERR_DRAINING. */
	readonly signal?: AbortSignal;
}

/** How instances of this host are kept apart. One for all functions. */
export interface Isolation {
	readonly kind: 'direct' | 'namespace';
	/** Instances, of all functions together, that may run at once: 1 where they share the host's port. */
	readonly instancesMax: number;
	/**
	 * Makes a place for one instance and starts its bootstrap there. Rejects with a RuntimeError (ERR_CODE_FOLDER_MISSING, ERR_BOOTSTRAP_*,
	 * ERR_PORT_IN_USE, ERR_SPAWN_FAILED, ERR_INTERPRETER_MISSING, ERR_ISOLATION_UNAVAILABLE): nothing runs then.
	 */
	start(request: StartRequest): Promise<Sandbox>;
	/** Ends what is kept ready for later instances. Call it when every sandbox has ended; twice is harmless. */
	close(): Promise<void>;
}

export interface SandboxExit {
	/** Null when a signal ended the bootstrap. */
	readonly code: number | null;
	readonly signal: string | null;
	/** Set where the instance was ended because it used more memory than it was given. */
	readonly memory: MemoryBreach | null;
}

export interface MemoryBreach {
	readonly peakBytes: number;
	readonly limitBytes: number;
}

export interface Sandbox {
	/** The bootstrap, as this host numbers it. */
	readonly pid: number;
	readonly stdout: ByteSource;
	readonly stderr: ByteSource;
	/** What the host of an edge function tells, see contract/edge-report.ts; none for other functions. */
	readonly report?: ByteSource | null;
	/** Resolves when the bootstrap has ended, whoever still holds its output open; never rejects. */
	readonly exited: Promise<SandboxExit>;
	/** Waits until the function's port accepts. Never sends anything. */
	awaitReadiness(options: ReadinessLimits): Promise<Readiness>;
	/** A new connection to the function's port; a failure comes as `handler.onClose(error)`. */
	connect(handler: ConnectionHandler, onOpen: () => void): Connection;
	/** The same for another process: a descriptor that is connected, or connecting, and the caller's to close. */
	openSocket(): Promise<number>;
	/** Whether the function's port is still listened on. */
	isListening(): Promise<boolean>;
	/** Where the function listens instead, in words; empty where that cannot be known. */
	listeningPlaces(): Promise<string>;
	/** SIGTERM, grace, SIGKILL: resolves when no process of the instance is left, with the number of those that could not be ended. */
	end(graceMs: number): Promise<number>;
	/** Takes the processor from every process of the instance. Resolves with whether they all stand still; never rejects. Twice is harmless. */
	freeze(): Promise<boolean>;
	/** Gives it back, at once. Twice is harmless. */
	thaw(): void;
	/** The instance has requests in flight, or none: what is measured by looking is looked at while it has. */
	setBusy(busy: boolean): void;
}

export interface ReadinessLimits {
	readonly timeoutMs: number;
	/** Aborts when waiting is pointless: the instance ended, or httpfn stops. */
	readonly signal: AbortSignal;
	/** Resolves when the function is known to listen: a try that waits for its time is made then. */
	readonly listening?: Promise<void>;
}
