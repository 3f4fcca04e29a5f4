import { constants } from 'node:os';

/** `SIGKILL` for 9; null for a number that is no signal. */
export function signalName(number: number): string | null {
	return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? null;
}
