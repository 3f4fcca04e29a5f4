/**
 * An httpfn that is not root becomes one that may make namespaces: it replaces itself, once, by itself in a new user
 * namespace, in which it is the user of functions and has every capability over what it makes there. Files, network and
 * process id stay what they were.
 *
 * It has to happen before anything is opened: a thread cannot enter a user namespace, only a whole program can.
 */
import type { HostVariables } from '../contract/environment.ts';
import { libc } from '../engine/libc.ts';
import { ownCommandLine, replaceProgram } from '../engine/replace-program.ts';
import { PLACES } from './places.ts';
import type { PlaceTools } from './thread-protocol.ts';

/** `entered`, or `refused: …`: how the one attempt went. */
const OUTCOME_VARIABLE = '_HTTPFN_USER_NAMESPACE';
const REFUSED = 'refused: ';

/**
 * Tries the namespace first, and whether it may make others, which some hosts allow nobody in there: a failure after the
 * program was replaced could not be survived. `$0` is unshare, the rest the command line of httpfn.
 */
const ENTRY_SCRIPT = [
	`set -- --user --map-user=${PLACES.user.uid} --map-group=${PLACES.user.uid} --keep-caps "$@"`,
	`if said=$("$0" --user --map-user=${PLACES.user.uid} --map-group=${PLACES.user.uid} --keep-caps "$0" --net --mount --pid --fork true 2>&1 </dev/null)`,
	`then ${OUTCOME_VARIABLE}=entered exec "$0" "$@"`,
	`else shift 4; ${OUTCOME_VARIABLE}="${REFUSED}$said" exec "$@"; fi`,
].join('\n');

/** Why the attempt was refused, in the system's words; null where there was none yet, or it went well. */
export function userNamespaceRefusal(host: HostVariables): string | null {
	const outcome = host[OUTCOME_VARIABLE] ?? '';
	return outcome.startsWith(REFUSED) ? outcome.slice(REFUSED.length).trim() : null;
}

/** Does not return where it succeeds: the same command line runs again, with the same environment. */
export function enterUserNamespace(tools: PlaceTools, host: HostVariables): void {
	const calls = libc();
	if (calls === null || host[OUTCOME_VARIABLE] !== undefined) return;
	replaceProgram(calls, ['/bin/sh', '-c', ENTRY_SCRIPT, tools.unshare, ...ownCommandLine()], host);
}
