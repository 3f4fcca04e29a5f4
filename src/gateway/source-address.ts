/** As functions expect it: an IPv4 client of a listener on `::` shows as `::ffff:192.0.2.1`, one of a Unix socket has none but is on this host. */
export function sourceAddress(remoteAddress: string): string {
	if (remoteAddress === '') return '127.0.0.1';
	return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(remoteAddress)?.[1] ?? remoteAddress;
}
