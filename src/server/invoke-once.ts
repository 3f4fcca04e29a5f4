/** The composition root of `invoke`: one function, one event, one envelope, and nothing that listens. */
import type { RunSettings } from '../config/run-settings.ts';
import { invokeEvent } from '../gateway/invocation.ts';
import { openIsolation } from '../isolation/open-isolation.ts';
import { endStrays } from '../process/strays.ts';
import type { Log } from '../telemetry/log.ts';
import { EdgePlans } from './edge-plans.ts';
import { HostedFunction } from './hosted-function.ts';

export interface InvokeOptions {
	readonly settings: RunSettings;
	readonly log: Log;
	readonly hostEnvironment: Readonly<Record<string, string>>;
	/** Bytes of the event; called again for the parts that are read twice. */
	readonly readEvent: (from?: number, to?: number) => AsyncIterable<Uint8Array>;
	/** Resolves when there is room for more. */
	readonly writeEnvelope: (bytes: Uint8Array) => Promise<void>;
	/** Ends the function at once; the invocation then rejects. */
	readonly signal: AbortSignal;
}

/** Resolves with the function's status code, its process ended. Rejects with a RuntimeError. */
export async function invokeOnce(options: InvokeOptions): Promise<{ readonly statusCode: number }> {
	const { settings, log, hostEnvironment, readEvent, writeEnvelope, signal } = options;
	const isolation = openIsolation(settings.isolation, log, hostEnvironment);
	await using edge = new EdgePlans();
	const plan = await edge.resolve(settings, log);
	await endStrays(log);
	const { pool, target } = new HostedFunction({ plan, isolation, hostEnvironment, log });
	const onAbort = (): void => void pool.stop();
	signal.addEventListener('abort', onAbort);
	try {
		// It may have come while the function was bundled.
		signal.throwIfAborted();
		return await invokeEvent(() => target, { readEvent, writeEnvelope });
	} finally {
		signal.removeEventListener('abort', onAbort);
		await pool.stop();
		await isolation.close();
	}
}
