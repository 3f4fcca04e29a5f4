import process from 'node:process';

/** The variables of this process themselves, for a function that runs in it: what it changes is changed. */
export function processEnvironment(): Record<string, string | undefined> {
	return process.env;
}

/** From now on this process has these variables, and no others. */
export function replaceEnvironment(variables: Readonly<Record<string, string>>): void {
	for (const name of Object.keys(process.env)) {
		if (!Object.hasOwn(variables, name)) delete process.env[name];
	}
	Object.assign(process.env, variables);
}
