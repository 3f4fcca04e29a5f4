/**
 * What the first process of a place runs, as text for bash. It is there before any function is, and so is the process that becomes
 * the bootstrap when told: a cold start pays for no program but the function's own.
 *
 * Descriptors: 0 a pipe whose end means that httpfn is gone, 1 the function's stdout, 2 what the tools complain of, 3 told by the
 * shell that waits, 4 what that reads: PLACE_WAIT, and then the start script, written before the line on 0 that asks for it, 5 the function's stderr.
 *
 * The first script may make a zygote of the waiting process: an engine with the descriptors of contract/edge-start.ts. It tells that it
 * waits, and takes one more line for the order to become the function whose start message then lies in 4.
 */

import { delimiter, join } from 'node:path';
import { shellQuoted } from '../base/shell-quoted.ts';
import { ZYGOTE_DESCRIPTORS } from '../contract/edge-start.ts';
import {
	functionEnvironment,
	type HostVariables,
	hostVariables,
	type Variables,
} from '../contract/environment.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import { exportCommand, exportLines, WAIT_VARIABLE, waitScript } from '../process/shell-start.ts';
import { PLACES } from './places.ts';
import { programFolders } from './program-folders.ts';

const INIT_DESCRIPTORS = {
	told: ZYGOTE_DESCRIPTORS.report,
	script: ZYGOTE_DESCRIPTORS.message,
	stderr: 5,
} as const;

/** The same for all functions: so the shell can be there before its function. */
const BOOTSTRAP = join(PLACES.code, 'bootstrap');
/** What lies in the file of the script until there is one. */
export const PLACE_WAIT = waitScript(0);

export interface InitLimits {
	readonly descriptorsMax: number;
	/** Null where another mechanism bounds them. */
	readonly processesMax: number | null;
}

/** The bootstrap's process is started ahead too, in a group of its own, with the variables `born`: it only waits to be told. */
export function initScript(limits: InitLimits, bash: string, born: Variables): string {
	const { told, script, stderr } = INIT_DESCRIPTORS;
	const processes = limits.processesMax === null ? '' : `ulimit -u ${limits.processesMax}; `;
	const wait = `${WAIT_VARIABLE.name}=${WAIT_VARIABLE.value} exec ${shellQuoted(bash)} ${BOOTSTRAP}`;
	return [
		`${processes}ulimit -n ${limits.descriptorsMax}`,
		'set -m',
		`( ${[...exportCommand(born), wait].join('; ')} ) <&0 2>&${stderr} ${stderr}>&- &`,
		'set +m',
		`exec ${told}>&- ${script}<&- ${stderr}>&- </dev/null`,
		'wait $!',
		'exit $?',
	].join('\n');
}

/** Becomes the host of an edge function. `command` is a program inside the root, and its arguments; what it tells, it tells on 3. */
export function edgeScript(command: readonly string[], environment: Variables, born: Variables): string {
	const host = command.map(shellQuoted).join(' ');
	return [
		...exportLines(environment, born),
		`cd ${PLACES.code} && exec ${host} </dev/null ${INIT_DESCRIPTORS.script}<&-`,
		'',
	].join('\n');
}

/** Becomes an engine that waits for its function. `command` is a program inside the root, and its arguments. */
export function zygoteScript(command: readonly string[], environment: Variables, born: Variables): string {
	const order = `${ZYGOTE_DESCRIPTORS.order}<&0 </dev/null`;
	const engine = command.map(shellQuoted).join(' ');
	return [...exportLines(environment, born), `exec ${engine} ${order}`, ''].join('\n');
}

/** What a function's process sees: the platform's variables, the user's, and of the host's those that hold in here. */
export function placeEnvironment(settings: FunctionSettings, host: HostVariables): Record<string, string> {
	return functionEnvironment({ ...settings, codeRoot: PLACES.code }, hereOf(host));
}

/** What a shell or an engine that waits for its function is born with: some of it (language, zone) is read only then. */
export function bornEnvironment(host: HostVariables): Record<string, string> {
	return hostVariables(hereOf(host));
}

function hereOf(host: HostVariables): HostVariables {
	const { name, home } = PLACES.user;
	const path = programFolders(host.PATH ?? '').join(delimiter);
	return { ...host, PATH: path, HOME: home, TMPDIR: undefined, USER: name };
}

/** Exit codes over this are signals, as a shell tells them. */
export const SIGNAL_CODE_BASE = 128;
