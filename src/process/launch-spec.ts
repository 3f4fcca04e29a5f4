/** What is started for a function, as data. */
import { join } from 'node:path';
import { functionEnvironment } from '../contract/environment.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import { MARKER_NAME } from './instance-marker.ts';

export interface LaunchSpec {
	readonly command: string;
	readonly args: readonly string[];
	/** The working directory: the code root (observed in the open engine). */
	readonly cwd: string;
	readonly environment: Readonly<Record<string, string>>;
}

/** `bash <code root>/bootstrap`, so that neither exec bit nor shebang is needed; the marker is in its environment. */
export function launchSpec(
	settings: FunctionSettings,
	hostEnvironment: Readonly<Record<string, string | undefined>>,
	bash: string,
	marker: string,
): LaunchSpec {
	return {
		command: bash,
		args: [join(settings.codeRoot, 'bootstrap')],
		cwd: settings.codeRoot,
		// The last word, so that no variable of the user's replaces it.
		environment: { ...functionEnvironment(settings, hostEnvironment), [MARKER_NAME]: marker },
	};
}
