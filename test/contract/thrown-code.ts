import { type ErrorCode, RuntimeError } from '../../src/contract/errors.ts';

/** The code of the RuntimeError that `act` throws; null where it throws nothing. Any other error passes through. */
export function thrownCode(act: () => unknown): ErrorCode | null {
	return thrown(act)?.code ?? null;
}

export function thrown(act: () => unknown): RuntimeError | null {
	try {
		act();
		return null;
	} catch (error) {
		if (error instanceof RuntimeError) return error;
		throw error;
	}
}
