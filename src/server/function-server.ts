/**
 * The composition root of `run`: one function, its supervisor and its gateway.
 *
 *   start: code folder judged → strays of an earlier run ended → gateway accepts → (eager: function started)
 *   stop:  gateway drains (grace) → function ended → log flushed by the caller
 */
import { isLoopback, listenUrl } from '../config/listen-address.ts';
import type { RunSettings } from '../config/run-settings.ts';
import { Gateway } from '../gateway/gateway.ts';
import { checkCodeFolder } from '../process/code-folder.ts';
import { endStrays } from '../process/strays.ts';
import { Supervisor } from '../process/supervisor.ts';
import type { Log } from '../telemetry/log.ts';
import { checkIsolation } from './check-isolation.ts';
import { listenFailure } from './listen-failure.ts';

export interface FunctionServer {
	/** Where it answers, as a client on this machine writes it. */
	readonly url: string;
	/** Stops accepting, lets what is in flight end within the grace, then ends the function. Twice: the shorter grace holds. */
	stop(graceMs: number): Promise<void>;
}

export interface ServerOptions {
	readonly settings: RunSettings;
	readonly log: Log;
	readonly hostEnvironment: Readonly<Record<string, string>>;
}

/** Resolves when the gateway accepts. Rejects with a RuntimeError, having left nothing behind. */
export async function startFunctionServer(options: ServerOptions): Promise<FunctionServer> {
	const { settings, log, hostEnvironment } = options;
	checkIsolation(settings.isolation);
	await checkCodeFolder(settings.function.codeRoot);
	await endStrays(log);
	const supervisor = new Supervisor({
		settings: settings.function,
		log,
		hostEnvironment,
		eager: settings.eager,
	});
	const gateway = new Gateway({ settings: settings.function, supervision: supervisor, log });
	try {
		const bound = await gateway.listen(settings.listen);
		const url = listenUrl(bound);
		if (!isLoopback(bound.host)) {
			log.write('warn', 'the gateway listens beyond this machine, without authentication', { url });
		}
		return { url, stop: stopper(gateway, supervisor) };
	} catch (error) {
		await supervisor.stop();
		throw await listenFailure(error, settings.listen);
	}
}

/** A later stop with a shorter grace overtakes an earlier one, and both resolve with it. */
function stopper(gateway: Gateway, supervisor: Supervisor): FunctionServer['stop'] {
	const { promise: stopped, resolve, reject } = Promise.withResolvers<void>();
	const stop = async (graceMs: number): Promise<void> => {
		await gateway.drain(graceMs);
		await supervisor.stop();
	};
	return (graceMs) => {
		stop(graceMs).then(resolve, reject);
		return stopped;
	};
}
