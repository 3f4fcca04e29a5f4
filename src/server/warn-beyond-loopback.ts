import { isLoopbackHost } from '../contract/loopback-host.ts';
import type { Log } from '../telemetry/log.ts';

export function warnBeyondLoopback(host: string, url: string, log: Log): void {
	if (isLoopbackHost(host)) return;
	log.write('warn', 'the gateway listens beyond this machine, without authentication', { url });
}
