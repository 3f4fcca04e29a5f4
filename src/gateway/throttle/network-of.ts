const GROUPS = 8;

/**
 * What an address is counted by: itself, or the first 64 bits of an IPv6 address, since one client has all the rest. An IPv4 address
 * in IPv6 clothes (`::ffff:1.2.3.4`) is the IPv4 address.
 */
export function networkOf(address: string): string {
	if (!address.includes(':')) return address;
	const [plain = ''] = address.split('%');
	const [head = '', tail] = plain.split('::');
	const left = groupsOf(head);
	const right = groupsOf(tail ?? '');
	const zeros = new Array<number>(Math.max(0, GROUPS - left.length - right.length)).fill(0);
	const groups = [...left, ...zeros, ...right];
	const [high = 0, low = 0] = groups.slice(6);
	const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
	if (mapped) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
	return `${groups
		.slice(0, 4)
		.map((group) => group.toString(16))
		.join(':')}::/64`;
}

function groupsOf(text: string): readonly number[] {
	if (text === '') return [];
	return text.split(':').flatMap((group) => {
		if (!group.includes('.')) return [Number.parseInt(group, 16)];
		const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
		return [a * 256 + b, c * 256 + d];
	});
}
