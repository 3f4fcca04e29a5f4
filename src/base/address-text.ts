/** An address of 4 or 16 bytes as text; IPv6 in its shortest form (RFC 5952). */
export function addressText(bytes: Uint8Array): string {
	if (bytes.length === 4) return bytes.join('.');
	const groups = Array.from({ length: 8 }, (_, index) => {
		const [high = 0, low = 0] = bytes.subarray(2 * index);
		return ((high << 8) | low).toString(16);
	});
	return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}
