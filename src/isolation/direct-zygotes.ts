/** An engine, and a shell, that wait on this host for the next function: one each, for there is one instance at a time. */
import { hostVariables } from '../contract/environment.ts';
import { hostProgram } from '../engine/host-program.ts';
import { libc } from '../engine/libc.ts';
import { findBash } from '../process/find-bash.ts';
import { MARKER_NAME, newMarker } from '../process/instance-marker.ts';
import { zygoteCommand } from '../process/launch-spec.ts';
import type { StartRequest } from '../process/sandbox.ts';
import { WAIT_FOR_SCRIPT } from '../process/shell-start.ts';
import type { ProcessExit } from '../process/spawn.ts';
import { WaitingProcess } from '../process/waiting-process.ts';
import { ENGINE, ZygoteStock } from './zygote-stock.ts';

export interface DirectZygote {
	readonly process: WaitingProcess;
	/** What every process of its instance is to carry in its environment. */
	readonly marker: string;
	readonly exited: Promise<ProcessExit>;
}

const COUNTS = { least: 1, most: 1, rush: 1 };

export interface DirectZygotes {
	/** For edge functions. */
	readonly engines: ZygoteStock<DirectZygote>;
	/** For what has a bootstrap. */
	readonly shells: ZygoteStock<DirectZygote>;
	/** Resolves when none is left. */
	close(): Promise<void>;
}

/** Null where the engine can not call the C library. */
export function directZygotes(
	host: StartRequest['hostEnvironment'],
	report: (message: string, error: Error) => void,
): DirectZygotes | null {
	if ('Deno' in globalThis || libc() === null) return null;
	const leaving: Promise<unknown>[] = [];
	const options = {
		counts: COUNTS,
		discard: ({ process, exited }: DirectZygote) => {
			process.dismiss();
			leaving.push(exited);
		},
		report,
	};
	const engines = new ZygoteStock<DirectZygote>({
		...options,
		named: ENGINE,
		// An engine shows for ever what it was born with: the marker has to be there already.
		make: () =>
			makeZygote(zygoteCommand(hostProgram()), (marker) => ({
				...hostVariables(host),
				[MARKER_NAME]: marker,
			})),
	});
	const shells = new ZygoteStock<DirectZygote>({
		...options,
		named: { one: 'a shell', forWhom: 'functions' },
		// All that a function's environment has, the marker too, is set when there is a function. Without, a shell whose httpfn was killed is no
		// stray in the moment in which it ends.
		make: () => makeZygote([findBash(host.PATH), '-c', WAIT_FOR_SCRIPT], () => ({})),
	});
	const close = async (): Promise<void> => {
		engines.close();
		shells.close();
		await Promise.all(leaving);
	};
	return { engines, shells, close };
}

async function makeZygote(
	[command, ...args]: readonly [string, ...string[]],
	bornWith: (marker: string) => Readonly<Record<string, string>>,
): Promise<DirectZygote> {
	const marker = newMarker();
	const process = await WaitingProcess.start({ command, args, cwd: '/', environment: bornWith(marker) });
	if (process === null) throw new Error('a descriptor that it needs is not to be had');
	return { process, marker, exited: process.exited };
}
