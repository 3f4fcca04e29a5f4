/**
 * A bash that is started before its function is known to start, and waits: a cold start pays for no spawn and for no start of bash.
 *
 * It is `bash <code root>/bootstrap` from the beginning, but for BASH_ENV: what that names is run before the bootstrap is opened. First it
 * is a script that waits; then, by another text in the same file, one that sets what the function is to have.
 */

import { join } from 'node:path';
import { shellQuoted } from '../base/shell-quoted.ts';
import { ZYGOTE_DESCRIPTORS } from '../contract/edge-start.ts';
import type { Variables } from '../contract/environment.ts';
import type { LaunchSpec } from './launch-spec.ts';

export interface ShellStart extends Pick<LaunchSpec, 'cwd' | 'environment'> {
	/** What the shell was started with, but for WAIT_VARIABLE. */
	readonly born: Variables;
}

const { report, message, order } = ZYGOTE_DESCRIPTORS;

/** Has bash read what lies in descriptor 4 before its script. */
export const WAIT_VARIABLE = { name: 'BASH_ENV', value: `/dev/fd/${message}` } as const;

/**
 * What it reads first. It tells on descriptor 3 that it waits for a line on `orderFd`, which says that the script is there; where httpfn has gone instead,
 * it ends. The last command leaves `$_` as a start does.
 */
export function waitScript(orderFd: number = order): string {
	return `printf . >&${report}; read -r _ <&${orderFd} || exit 0; . /dev/fd/${message}; : "$BASH"\n`;
}

/** What bash can set, and hand on: its own read-only ones it can not. */
const SETTABLE = /^(?!(?:BASHOPTS|BASH_VERSINFO|EUID|PPID|SHELLOPTS|UID)$)[A-Za-z_]\w*$/;
/** What bash takes from its environment when it starts, in another way than from an assignment. */
const READ_AT_START =
	/^(?:_|BASH.*|COMP_.*|DIRSTACK|EPOCH.*|FUNCNAME|GLOBIGNORE|GROUPS|HIST.*|IFS|IGNOREEOF|LINENO|(?:OLD)?PWD|OPT(?:ARG|ERR|IND)|PIPESTATUS|POSIXLY_CORRECT|PS\d|S?RANDOM|SECONDS|SHLVL)$/;

/** Whether a bash that has started already can run the bootstrap as one would that starts with these variables. */
export function suitsShell(environment: Variables): boolean {
	return Object.keys(environment).every((name) => SETTABLE.test(name) && !READ_AT_START.test(name));
}

/**
 * The script. The bash that waited goes on to the bootstrap; where that would not do, another one does. All paths are as it sees them.
 */
export function shellStart(bash: string, { cwd, environment, born }: ShellStart): string {
	const descriptors = `</dev/null ${report}>&- ${message}<&- ${order}<&-`;
	const enter = `cd ${shellQuoted(cwd)}`;
	if (!suitsShell(environment)) {
		const bootstrap = shellQuoted(join(cwd, 'bootstrap'));
		return [
			...exportLines(environment, born),
			`${enter} && exec ${shellQuoted(bash)} ${bootstrap} ${descriptors}`,
			'',
		].join('\n');
	}
	return [
		`unset ${WAIT_VARIABLE.name}`,
		...assignments(environment, born),
		// As bash has it from the start: without a value, and handed on once it has one.
		`${enter} && unset OLDPWD && export OLDPWD && exec ${descriptors} || exit`,
		'',
	].join('\n');
}

/** Has these variables in the environment of what the shell becomes, and none that it has by itself. */
export function exportLines(environment: Variables, born: Variables): string[] {
	// A bash that becomes something else makes a SHLVL of its own, and hands it on, unless it is a list: those can not be.
	const ownLevel = 'SHLVL' in environment ? '' : '; declare -a SHLVL';
	return [`unset ${WAIT_VARIABLE.name} OLDPWD SHLVL${ownLevel}`, ...assignments(environment, born)];
}

function assignments(environment: Variables, born: Variables): string[] {
	const gone = Object.keys(born).filter((name) => !(name in environment));
	// Setting a language again, even to what it is, has bash read its files again.
	const changed = Object.entries(environment).filter(([name, value]) => born[name] !== value);
	return [
		...(gone.length === 0 ? [] : [`unset ${gone.join(' ')}`]),
		...exportCommand(Object.fromEntries(changed)),
	];
}

/** One command, or none. Some names belong to bash itself, and cannot be set: then its own value stands. */
export function exportCommand(variables: Variables): string[] {
	const words = Object.entries(variables).map(([name, value]) => shellQuoted(`${name}=${value}`));
	return words.length === 0 ? [] : [`export ${words.join(' ')} 2>/dev/null`];
}
