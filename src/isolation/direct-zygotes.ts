/** An engine that waits on this host for the next edge function: one, for there is one instance at a time. */
import { hostVariables } from '../contract/environment.ts';
import { hostProgram } from '../engine/host-program.ts';
import { libc } from '../engine/libc.ts';
import { MARKER_NAME, newMarker } from '../process/instance-marker.ts';
import { zygoteCommand } from '../process/launch-spec.ts';
import type { StartRequest } from '../process/sandbox.ts';
import type { ProcessExit } from '../process/spawn.ts';
import { WaitingProcess } from '../process/waiting-process.ts';
import { ZygoteStock } from './zygote-stock.ts';

export interface DirectZygote {
	readonly process: WaitingProcess;
	/** What every process of its instance is to carry in its environment: it was born with it. */
	readonly marker: string;
	readonly exited: Promise<ProcessExit>;
}

const COUNTS = { least: 1, most: 1, rush: 1 };

export interface DirectZygotes {
	readonly stock: ZygoteStock<DirectZygote>;
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
	const stock = new ZygoteStock<DirectZygote>({
		counts: COUNTS,
		make: () => makeZygote(host),
		discard: ({ process, exited }) => {
			process.dismiss();
			leaving.push(exited);
		},
		report,
	});
	const close = async (): Promise<void> => {
		stock.close();
		await Promise.all(leaving);
	};
	return { stock, close };
}

async function makeZygote(host: StartRequest['hostEnvironment']): Promise<DirectZygote> {
	const [command, ...args] = zygoteCommand(hostProgram());
	const marker = newMarker();
	const environment = { ...hostVariables(host), [MARKER_NAME]: marker };
	const process = await WaitingProcess.start({ command, args, cwd: '/', environment });
	if (process === null) throw new Error('a descriptor that it needs is not to be had');
	return { process, marker, exited: process.exited };
}
