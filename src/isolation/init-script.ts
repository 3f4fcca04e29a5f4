/**
 * What the first process of a place runs, as text for bash. It is there before any function is: when told, it forks the
 * bootstrap, so that a cold start pays for no program but the function's own.
 *
 * Descriptors: 0 a pipe whose end means that httpfn is gone, 1 the function's stdout, 2 what the tools complain of, 3 told when
 * the place is there, 4 the start script, written before the line on 0 that asks for it, 5 the function's stderr.
 */

import { functionEnvironment } from '../contract/environment.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import { PLACES } from './places.ts';

export const INIT_DESCRIPTORS = { ready: 3, script: 4, stderr: 5 } as const;

export interface InitLimits {
	readonly descriptorsMax: number;
	/** Null where another mechanism bounds them. */
	readonly processesMax: number | null;
}

export function initScript(limits: InitLimits): string {
	const { ready, script, stderr } = INIT_DESCRIPTORS;
	const processes = limits.processesMax === null ? '' : `ulimit -u ${limits.processesMax}; `;
	return [
		`${processes}ulimit -n ${limits.descriptorsMax}`,
		`printf . >&${ready}; exec ${ready}>&- 2>&${stderr} ${stderr}>&-`,
		'read -r _ || exit 0',
		`. /dev/fd/${script}`,
	].join('\n');
}

/**
 * The bootstrap gets a process group of its own, and the code of its exit becomes the place's. `bash` is the path of the shell inside the root.
 */
export function startScript(bash: string, environment: Readonly<Record<string, string>>): string {
	const variables = Object.entries(environment).map(
		// Some names belong to bash itself, and cannot be set: then its own value stands.
		([name, value]) => `export ${quote(`${name}=${value}`)}`,
	);
	return [
		`exec ${INIT_DESCRIPTORS.script}<&-`,
		'set -m',
		'(',
		'unset OLDPWD SHLVL',
		`{ ${[':', ...variables].join('; ')}; } 2>/dev/null`,
		`cd ${PLACES.code} && exec ${quote(bash)} ${PLACES.code}/bootstrap`,
		') </dev/null &',
		'set +m',
		'wait $!',
		'exit $?',
		'',
	].join('\n');
}

/** What a function's process sees: the platform's variables, the user's, and of the host's those that hold in here. */
export function placeEnvironment(
	settings: FunctionSettings,
	host: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
	const { name, home } = PLACES.user;
	const here = { ...host, HOME: home, TMPDIR: undefined, USER: name };
	return functionEnvironment({ ...settings, codeRoot: PLACES.code }, here);
}

/** Exit codes over this are signals, as a shell tells them. */
export const SIGNAL_CODE_BASE = 128;

function quote(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
