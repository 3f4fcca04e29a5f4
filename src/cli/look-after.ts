/**
 * What `run` and `serve` do alike once they accept: tell the service manager, the file and the process before, answer `httpfn upgrade`, and
 * wait for the end.
 */
import process from 'node:process';
import { errorText } from '../base/error-text.ts';
import { runtimeFolder } from '../config/runtime-folder.ts';
import { compileAsUsual } from '../engine/jit-policy.ts';
import { writePidFile } from '../server/pid-file.ts';
import type { Predecessor } from '../server/predecessor.ts';
import type { ServiceManager } from '../server/service-manager.ts';
import type { Serving } from '../server/serving.ts';
import { openUpgradePoint } from '../server/upgrade-point.ts';
import { Upgrades } from '../server/upgrades.ts';
import type { Log } from '../telemetry/log.ts';
import type { Invocation } from './command.ts';
import type { ExitCode } from './exit-code.ts';
import { productVersion } from './product-version.ts';
import type { StopRequest } from './stop-request.ts';
import { takeOver } from './take-over.ts';

export interface Attended {
	readonly serving: Serving;
	readonly urls: readonly string[];
	readonly manager: ServiceManager;
	readonly predecessor: Predecessor | null;
	readonly stopped: StopRequest;
	readonly log: Log;
	/** Absolute path of the file of `serve`. */
	readonly configPath: string | null;
	readonly pidFile: string | null;
}

/** Until the server has stopped. */
export async function lookAfter(attended: Attended, invocation: Invocation): Promise<ExitCode> {
	const { serving, urls, manager, predecessor, stopped } = attended;
	compileAsUsual();
	const removePidFile = await takeOver(predecessor, () => claimPidFile(attended));
	const upgrades = upgradesOf(attended, invocation);
	// Whoever is told that it serves may ask for the next upgrade at once.
	const point = await openPoint(upgrades, attended, invocation);
	const status = `Serving on ${urls.join(', ')}`;
	predecessor?.ready(productVersion().version);
	manager.ready(status);
	// A manager may hear us only once the process before has named us, or is gone.
	void predecessor?.gone.then(() => manager.ready(status));
	manager.watch((timeoutMs) => serving.checkSelf(timeoutMs));
	try {
		return await stopped.serve({
			stop: async (graceMs, handedOver) => {
				void point?.close();
				if (handedOver !== true) manager.stopping('Stopping: requests in flight are ended');
				await Promise.all([serving.stop(graceMs, handedOver), upgrades.cancel()]);
			},
		});
	} finally {
		manager.close();
		removePidFile();
	}
}

/** Answers what gives it up. A server whose number nobody can find out is not left running. */
async function claimPidFile({ pidFile, serving }: Attended): Promise<() => void> {
	if (pidFile === null) return () => {};
	try {
		return writePidFile(pidFile);
	} catch (error) {
		await serving.stop(0);
		throw error;
	}
}

function upgradesOf(
	{ serving, manager, stopped, log, configPath }: Attended,
	{ environment }: Invocation,
): Upgrades {
	return new Upgrades({
		serving,
		environment,
		args: process.argv.slice(2),
		version: productVersion().version,
		config: configPath,
		log,
		onTaken: ({ pid }, graceMs) => {
			manager.handOver(pid);
			stopped.leave(graceMs);
		},
	});
}

async function openPoint(
	upgrades: Upgrades,
	{ log }: Attended,
	{ environment }: Invocation,
): Promise<{ close(): Promise<void> } | null> {
	try {
		return await openUpgradePoint(runtimeFolder(environment), (question) => upgrades.answer(question));
	} catch (error) {
		log.write('info', 'httpfn upgrade will not find this process', { problem: errorText(error) });
		return null;
	}
}
