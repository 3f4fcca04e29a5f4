/**
 * 128 bits of a text as 32 hexadecimal digits, to make an identifier of a name: four rounds of FNV-1a (32 bits), each with
 * a start of its own. Not for secrets.
 */
export function hexDigest(text: string): string {
	let digits = '';
	for (let round = 0; round < 4; round++) {
		let hash = (FNV_OFFSET + round) >>> 0;
		for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
		digits += (hash >>> 0).toString(16).padStart(8, '0');
	}
	return digits;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
