import path from 'node:path';
import { LIMITS } from '../contract/limits.ts';

/** A folder may be called what no function may: other characters become `-`. */
export function nameOfFolder(codeRoot: string): string {
	const name = path
		.basename(codeRoot)
		.replaceAll(/[^\w-]/g, '-')
		.replace(/^[^A-Za-z]+/, '')
		.slice(0, LIMITS.nameCharsMax)
		.replace(/[^A-Za-z0-9]+$/, '');
	return name === '' ? 'function' : name;
}
