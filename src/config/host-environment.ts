import process from 'node:process';

/** The variables of this process, once, so that nothing else reads them behind the settings' back. */
export function hostEnvironment(): Readonly<Record<string, string>> {
	const environment: Record<string, string> = {};
	for (const [name, value] of Object.entries(process.env)) {
		if (value !== undefined) environment[name] = value;
	}
	return environment;
}
