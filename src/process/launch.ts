/** Everything between the wish for an instance and its process: what can be refused is refused before it starts. */
import type { EdgeProgram } from '../contract/edge-program.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { FunctionSettings } from '../contract/function-settings.ts';
import { LIMITS } from '../contract/limits.ts';
import { openPipe } from '../engine/pipe.ts';
import { checkCodeFolder, writtenProgram } from './code-folder.ts';
import { findBash } from './find-bash.ts';
import { newMarker } from './instance-marker.ts';
import { launchSpec } from './launch-spec.ts';
import { openOutputPipes } from './output-pipes.ts';
import { portHolder } from './port-holder.ts';
import { hostPort } from './socket-table.ts';
import { type SpawnedProcess, spawnProcess } from './spawn.ts';

export interface LaunchOptions {
	readonly settings: FunctionSettings;
	readonly port: number;
	readonly hostEnvironment: Readonly<Record<string, string | undefined>>;
}

export interface Launched {
	readonly process: SpawnedProcess;
	/** What every process of the instance carries in its environment. */
	readonly marker: string;
}

/** Rejects with ERR_CODE_FOLDER_MISSING, ERR_BOOTSTRAP_*, ERR_PORT_IN_USE or ERR_SPAWN_FAILED: nothing runs then. */
export async function launch(options: LaunchOptions): Promise<Launched> {
	const { settings, port, hostEnvironment } = options;
	const [edge, holder] = await Promise.all([edgeProgram(settings), portHolder(port)]);
	if (holder !== null) {
		const place = hostPort(LIMITS.functionHost, port);
		throw new RuntimeError(
			'ERR_PORT_IN_USE',
			`Could not start the function: its port ${place} is held by ${holder}, wanted it free`,
		);
	}
	const marker = newMarker();
	const report = edge === null ? null : openPipe();
	const started = edge === null ? null : { ...edge, reports: report !== null };
	const spec = launchSpec(settings, hostEnvironment, findBash(hostEnvironment.PATH), marker, started);
	return { process: await spawnProcess(spec, openOutputPipes(), report), marker };
}

/** Null for a function that bash starts. */
async function edgeProgram({ codeRoot, edge }: FunctionSettings): Promise<EdgeProgram | null> {
	if (edge !== undefined) return edge;
	await checkCodeFolder(codeRoot);
	return writtenProgram(codeRoot);
}
