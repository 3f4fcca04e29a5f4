/** Everything between the wish for an instance and its process: what can be refused is refused before it starts. */

import type { EdgeProgram } from '../contract/edge-program.ts';
import { startMessage } from '../contract/edge-start.ts';
import type { HostVariables, Variables } from '../contract/environment.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import { LIMITS } from '../contract/limits.ts';
import { openPipe } from '../engine/pipe.ts';
import { findBash } from './find-bash.ts';
import { newMarker } from './instance-marker.ts';
import { launchSpec } from './launch-spec.ts';
import { openOutputPipes } from './output-pipes.ts';
import { portHolder } from './port-holder.ts';
import { shellStart } from './shell-start.ts';
import { hostPort } from './socket-table.ts';
import { type SpawnedProcess, spawnProcess } from './spawn.ts';
import type { WaitingProcess } from './waiting-process.ts';

export interface LaunchOptions {
	readonly settings: FunctionSettings;
	/** Null for a function that bash starts. */
	readonly edge: EdgeProgram | null;
	readonly port: number;
	readonly hostEnvironment: HostVariables;
	/** One that waits for such a function, for the caller alone, if there is any. */
	takeZygote?(): Zygote | null;
}

export interface Zygote {
	readonly process: WaitingProcess;
	/** Of the instance that it becomes. */
	readonly marker: string;
	/** Variables that its process was started with. */
	readonly born: Variables;
}

export interface Launched {
	readonly process: SpawnedProcess;
	/** What every process of the instance carries in its environment. */
	readonly marker: string;
}

/** Rejects with ERR_PORT_IN_USE or ERR_SPAWN_FAILED: nothing runs then. */
export async function launch(options: LaunchOptions): Promise<Launched> {
	const { settings, edge, port, hostEnvironment } = options;
	const holder = await portHolder(port);
	if (holder !== null) {
		const place = hostPort(LIMITS.functionHost, port);
		throw new RuntimeError(
			'ERR_PORT_IN_USE',
			`Could not start the function: its port ${place} is held by ${holder}, wanted it free`,
		);
	}
	const launched = becomeFunction(options);
	if (launched !== null) return launched;
	const marker = newMarker();
	const report = edge === null ? null : (openPipe() ?? 'own');
	const spec = launchSpec(settings, hostEnvironment, findBash(hostEnvironment.PATH), marker, edge);
	return { process: await spawnProcess(spec, openOutputPipes(), report), marker };
}

/** Null where there is none any more: it may have ended a moment ago, and knows of no function. */
function becomeFunction({ settings, edge, hostEnvironment, takeZygote }: LaunchOptions): Launched | null {
	const zygote = takeZygote?.() ?? null;
	if (zygote === null) return null;
	const { process, marker, born } = zygote;
	const bash = findBash(hostEnvironment.PATH);
	const { cwd, environment } = launchSpec(settings, hostEnvironment, bash, marker, edge);
	const message =
		edge === null
			? shellStart(bash, { cwd, environment, born })
			: startMessage({ cwd, bundle: edge.bundle, environment });
	try {
		return { process: process.become(message, edge !== null), marker };
	} catch {
		return null;
	}
}
