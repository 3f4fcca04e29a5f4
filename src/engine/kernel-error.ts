import { constants } from 'node:os';

/** A call that the kernel refused, with the name of its error. */
export class KernelError extends Error {
	override readonly name = 'KernelError';
	/** `EPERM` */
	readonly code: string;

	/** `number`: what `lastErrorNumber` told of it. */
	constructor(call: string, number: number) {
		const code =
			Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? `error ${number}`;
		super(`${call}: ${code}`);
		this.code = code;
	}
}
