/** Words of the benchmarks' command lines. What is wrong is a TypeError that names the option, what was found and what was wanted. */
import { shareOf } from '../src/bench/share-text.ts';

export function wholeNumber(option: string, text: string, min: number): number {
	if (!/^\d{1,6}$/.test(text) || Number(text) < min) {
		throw new TypeError(`${option} is ${JSON.stringify(text)}, wanted a whole number of at least ${min}`);
	}
	return Number(text);
}

export function oneOf<T extends string>(option: string, word: string, known: readonly T[]): T {
	const found = known.find((name) => name === word);
	if (found !== undefined) return found;
	throw new TypeError(`${option} has ${JSON.stringify(word)}, wanted ${known.join(' or ')}`);
}

/** `5%` is 0.05. */
export function share(option: string, text: string): number {
	const found = shareOf(text);
	if (found !== null) return found;
	throw new TypeError(`${option} is ${JSON.stringify(text)}, wanted a share such as 5%`);
}
