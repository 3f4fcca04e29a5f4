import { nodeCrypto } from '../../contract/node-crypto.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const ALL = `${LETTERS}abcdefghijklmnopqrstuvwxyz`;

export interface AccessKey {
	readonly accessKey: string;
	readonly secretKey: string;
}

/** 20 and 40 letters and digits, as the platform's keys have (observed); the secret one is worth 238 bits. */
export function newAccessKey(): AccessKey {
	return { accessKey: `HF${random(LETTERS, 18)}`, secretKey: random(ALL, 40) };
}

function random(alphabet: string, length: number): string {
	const { randomInt } = nodeCrypto();
	return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
