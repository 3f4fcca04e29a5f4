import process from 'node:process';

/** The variables of this process themselves, for a function that runs in it: what it changes is changed. */
export function processEnvironment(): Record<string, string | undefined> {
	return process.env;
}
