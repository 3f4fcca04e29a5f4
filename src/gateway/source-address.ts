/** An IPv4 client of a listener on `::` shows as `::ffff:192.0.2.1`; functions expect `192.0.2.1`. */
export function sourceAddress(remoteAddress: string): string {
	return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(remoteAddress)?.[1] ?? remoteAddress;
}
