/** Whether a Host header, or an address to listen on, can only mean this machine. A port may follow; IPv6 may stand in brackets. */
export function isLoopbackHost(host: string): boolean {
	return /^(?:localhost|127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\]|::1$)(?::\d{1,5})?$/i.test(host);
}
