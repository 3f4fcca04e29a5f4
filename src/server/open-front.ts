import { availableParallelism } from 'node:os';
import type { HostSettings } from '../config/host-settings.ts';
import { type OwnProgram, ownProgram } from '../engine/own-program.ts';
import type { AccessLog } from '../telemetry/access-log.ts';
import type { Log } from '../telemetry/log.ts';
import type { Front } from '../workers/front.ts';
import { LocalFront } from './local-front.ts';

export interface FrontOptions {
	readonly settings: HostSettings;
	readonly log: Log;
	readonly accessLog: AccessLog | null;
	/** What is started for each worker; absent: this program. */
	readonly program?: Pick<OwnProgram, 'command' | 'prefix'>;
	readonly hostEnvironment: Readonly<Record<string, string>>;
	/** See GatewayOptions. */
	readonly errorPages?: boolean;
}

/** The gateway, or as many as the settings say. Rejects with ERR_CONFIG_INVALID, or ERR_WORKERS_UNAVAILABLE. */
export async function openFront(options: FrontOptions): Promise<Front> {
	const { settings, log, accessLog, hostEnvironment: environment, errorPages = false } = options;
	const { workers, limits, trustedProxies, proxyProtocol, tls } = settings;
	if (workers === 1) return new LocalFront({ ...settings, log, accessLog, errorPages });
	const { command, prefix } = options.program ?? ownProgram();
	const processors = availableParallelism();
	if (workers > processors)
		log.write('warn', 'there are more workers than processors: they take turns', { workers, processors });
	// Loaded only here: one process has no use for it.
	const { WorkerCrew } = await import('../workers/worker-crew.ts');
	return new WorkerCrew({
		settings: { workers, limits, trustedProxies, proxyProtocol, tls, accessLog: settings.accessLog },
		spec: { command, args: [...prefix, 'worker'], cwd: '/', environment },
		log,
		accessLog,
	});
}
