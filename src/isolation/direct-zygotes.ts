/** An engine, and a shell, that wait on this host for the next function: one each, for there is one instance at a time. */
import { join } from 'node:path';
import { once } from '../base/once.ts';
import { type HostVariables, hostVariables, type Variables } from '../contract/environment.ts';
import { hostProgram } from '../engine/host-program.ts';
import { libc } from '../engine/libc.ts';
import { findBash } from '../process/find-bash.ts';
import { MARKER_NAME, newMarker } from '../process/instance-marker.ts';
import type { Zygote } from '../process/launch.ts';
import { zygoteCommand } from '../process/launch-spec.ts';
import { WAIT_VARIABLE, waitScript } from '../process/shell-start.ts';
import type { ProcessExit } from '../process/spawn.ts';
import { WaitingProcess } from '../process/waiting-process.ts';
import { ENGINE, ZygoteStock } from './zygote-stock.ts';

export interface DirectZygote extends Zygote {
	readonly exited: Promise<ProcessExit>;
}

/** No folder. A bash that is none, or finds no /dev/fd, would run a bootstrap unasked: so first it is to wait before one that is not there. */
const NOWHERE = '/dev/null';
const COUNTS = { least: 1, most: 1, rush: 1 };

export interface DirectZygotes {
	/** For edge functions. */
	readonly engines: ZygoteStock<DirectZygote>;
	/** For functions with a bootstrap: those of the code root that was asked for last. */
	shells(codeRoot: string): ZygoteStock<DirectZygote>;
	/** Resolves when none is left. */
	close(): Promise<void>;
}

/** Null where the engine can not call the C library. */
export function directZygotes(
	host: HostVariables,
	report: (message: string, error: Error) => void,
): DirectZygotes | null {
	if ('Deno' in globalThis || libc() === null) return null;
	const leaving = new Set<Promise<unknown>>();
	const options = {
		counts: COUNTS,
		discard: ({ process, exited }: DirectZygote) => {
			process.dismiss();
			leaving.add(exited);
			void exited.then(() => leaving.delete(exited));
		},
		report,
	};
	// What a process was born with it shows for ever, and some of it (language, zone) is read only then. The marker has to be there already: it is
	// what the processes of an instance are known by.
	const bornWith = (marker: string) => ({ ...hostVariables(host), [MARKER_NAME]: marker });
	const engines = new ZygoteStock<DirectZygote>({
		...options,
		named: ENGINE,
		make: () => makeZygote(zygoteCommand(hostProgram()), bornWith),
	});
	const shell = (codeRoot: string) => makeShell([findBash(host.PATH), join(codeRoot, 'bootstrap')], bornWith);
	const trial = once(async () => (await shell(NOWHERE)).process.dismiss());
	const shellsOf = (codeRoot: string) =>
		new ZygoteStock<DirectZygote>({
			...options,
			named: { one: 'a shell', forWhom: 'functions' },
			make: async () => {
				await trial();
				return shell(codeRoot);
			},
		});
	let shells: { readonly codeRoot: string; readonly stock: ZygoteStock<DirectZygote> } | null = null;
	return {
		engines,
		shells(codeRoot) {
			if (shells?.codeRoot !== codeRoot) {
				shells?.stock.close();
				shells = { codeRoot, stock: shellsOf(codeRoot) };
			}
			return shells.stock;
		},
		async close() {
			engines.close();
			shells?.stock.close();
			await Promise.all(leaving);
		},
	};
}

/** What has a process wait. */
interface FirstMessage {
	readonly variables?: Variables;
	readonly message?: string;
}

type BornWith = (marker: string) => Variables;

async function makeShell(command: readonly [string, ...string[]], bornWith: BornWith): Promise<DirectZygote> {
	const { name, value } = WAIT_VARIABLE;
	const shell = await makeZygote(command, bornWith, { variables: { [name]: value }, message: waitScript() });
	if (await shell.process.waits()) return shell;
	shell.process.dismiss();
	throw new Error('it does not wait: found one that ended, wanted a bash that reads what BASH_ENV names');
}

async function makeZygote(
	[command, ...args]: readonly [string, ...string[]],
	bornWith: BornWith,
	first: FirstMessage = {},
): Promise<DirectZygote> {
	const marker = newMarker();
	const born = bornWith(marker);
	const environment = { ...born, ...first.variables };
	const process = await WaitingProcess.start({ command, args, cwd: '/', environment }, first.message);
	if (process === null) throw new Error('a descriptor that it needs is not to be had');
	return { process, marker, born, exited: process.exited };
}
