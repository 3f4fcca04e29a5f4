import { isLoopback } from '../config/listen-address.ts';
import type { Log } from '../telemetry/log.ts';

export function warnBeyondLoopback(host: string, url: string, log: Log): void {
	if (isLoopback(host)) return;
	log.write('warn', 'the gateway listens beyond this machine, without authentication', { url });
}
