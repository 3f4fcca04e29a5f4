/** The composition root of `invoke`: one function, one event, one envelope, and nothing that listens. */
import type { RunSettings } from '../config/run-settings.ts';
import { Gateway } from '../gateway/gateway.ts';
import { invokeEvent } from '../gateway/invocation.ts';
import { checkCodeFolder } from '../process/code-folder.ts';
import { endStrays } from '../process/strays.ts';
import { Supervisor } from '../process/supervisor.ts';
import type { Log } from '../telemetry/log.ts';
import { checkIsolation } from './check-isolation.ts';

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
	checkIsolation(settings.isolation);
	await checkCodeFolder(settings.function.codeRoot);
	await endStrays(log);
	const supervisor = new Supervisor({ settings: settings.function, log, hostEnvironment, eager: false });
	const onAbort = (): void => void supervisor.stop();
	signal.addEventListener('abort', onAbort);
	try {
		const gateway = new Gateway({ settings: settings.function, supervision: supervisor, log });
		return await invokeEvent(gateway, { readEvent, writeEnvelope });
	} finally {
		signal.removeEventListener('abort', onAbort);
		await supervisor.stop();
	}
}
