/** What is started for a function, as data. */
import { join } from 'node:path';
import type { EdgeProgram } from '../contract/edge-program.ts';
import { functionEnvironment, type HostVariables } from '../contract/environment.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import { type HostProgram, hostProgram } from '../engine/host-program.ts';
import { MARKER_NAME } from './instance-marker.ts';

export interface LaunchSpec {
	readonly command: string;
	readonly args: readonly string[];
	/** The working directory: the code root (observed in the open engine). */
	readonly cwd: string;
	readonly environment: Readonly<Record<string, string>>;
}

/** The command line of an edge function's process. `bundle` is its path as that process sees it; its descriptor 3 is for what it tells. */
export function edgeCommand(
	host: Pick<HostProgram, 'command' | 'prefix'>,
	bundle: string,
): readonly [string, ...string[]] {
	return [host.command, ...host.prefix, bundle, '--report'];
}

/** The command line of a zygote: the same process, before its function is known. */
export function zygoteCommand(host: Pick<HostProgram, 'command' | 'prefix'>): readonly [string, ...string[]] {
	return [host.command, ...host.prefix, '--wait'];
}

/** `bash <code root>/bootstrap`, so that neither exec bit nor shebang is needed, or the host of an edge function; the marker is in its environment. */
export function launchSpec(
	settings: FunctionSettings,
	hostEnvironment: HostVariables,
	bash: string,
	marker: string,
	edge: EdgeProgram | null = null,
): LaunchSpec {
	const [command = bash, ...args] =
		edge === null ? [bash, join(settings.codeRoot, 'bootstrap')] : edgeCommand(hostProgram(), edge.bundle);
	return {
		command,
		args,
		cwd: settings.codeRoot,
		// The last word, so that no variable of the user's replaces it.
		environment: { ...functionEnvironment(settings, hostEnvironment), [MARKER_NAME]: marker },
	};
}
