/** The header lines that tell a function where its client is. */
import { connectionHeaderLines } from '../contract/headers.ts';
import type { Connection } from '../engine/connection.ts';
import type { RequestOrigin } from './request-origin.ts';

/** The same for every request on `connection`, which was accepted on `listenPort`. */
export function requestOrigin(connection: Connection, listenPort: number): RequestOrigin {
	const sourceIp = sourceAddress(connection.remoteAddress);
	return { address: sourceIp, lines: connectionHeaderLines({ sourceIp, listenPort, protocol: 'http' }) };
}

/** An IPv4 client of a listener on `::` shows as `::ffff:192.0.2.1`; functions expect `192.0.2.1`. */
function sourceAddress(remoteAddress: string): string {
	return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(remoteAddress)?.[1] ?? remoteAddress;
}
