import { errorText } from '../base/error-text.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { Predecessor } from '../server/predecessor.ts';

/** Does what has to be done before this process can take over; where that fails the process before is told why, and goes on. */
export async function takeOver<T>(predecessor: Predecessor | null, prepare: () => Promise<T>): Promise<T> {
	try {
		return await prepare();
	} catch (error) {
		predecessor?.failed(error instanceof RuntimeError ? error.code : 'ERR_INTERNAL', errorText(error));
		throw error;
	}
}
