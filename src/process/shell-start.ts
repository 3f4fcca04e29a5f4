/** What a bash reads that waits for the function whose bootstrap it is to run: it is spawned ahead, so that a cold start only has to wake it. */
import { join } from 'node:path';
import { shellQuoted } from '../base/shell-quoted.ts';
import { ZYGOTE_DESCRIPTORS } from '../contract/edge-start.ts';
import type { LaunchSpec } from './launch-spec.ts';

const { report, message, order } = ZYGOTE_DESCRIPTORS;

/** Waits for a line that says that the script is there; where httpfn has gone instead, it ends. For one on the host: in a place it is part of more. */
export const WAIT_FOR_SCRIPT = `read -r _ <&${order} || exit 0; . /dev/fd/${message}`;

/** What bash can set, and hand on: its own read-only ones it can not. */
const SETTABLE = /^(?!(?:BASHOPTS|BASH_VERSINFO|EUID|PPID|SHELLOPTS|UID)$)[A-Za-z_]\w*$/;

/** Whether bash hands on all of these variables as they are. */
export function suitsShell(environment: Readonly<Record<string, string>>): boolean {
	return Object.keys(environment).every((name) => SETTABLE.test(name));
}

/** The script. The waiting bash becomes another, which runs the bootstrap; all paths are as it sees them. */
export function shellStart(
	bash: string,
	{ cwd, environment }: Pick<LaunchSpec, 'cwd' | 'environment'>,
): string {
	const descriptors = `</dev/null ${report}>&- ${message}<&- ${order}<&-`;
	return [
		...exportLines(environment),
		`cd ${shellQuoted(cwd)} && exec ${shellQuoted(bash)} ${shellQuoted(join(cwd, 'bootstrap'))} ${descriptors}`,
		'',
	].join('\n');
}

/** Has these variables in the environment of what the shell becomes, and none that it has by itself. */
export function exportLines(environment: Readonly<Record<string, string>>): string[] {
	const variables = Object.entries(environment).map(
		([name, value]) => `export ${shellQuoted(`${name}=${value}`)}`,
	);
	return [
		'unset OLDPWD SHLVL',
		// Some names belong to bash itself, and cannot be set: then its own value stands.
		`{ ${[':', ...variables].join('; ')}; } 2>/dev/null`,
	];
}
