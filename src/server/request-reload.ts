/** `httpfn reload`: asks the running `serve` of a config file to read it again, and waits for what comes of it. */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { RuntimeError } from '../contract/errors.ts';
import { isServing, readStatus, realPath, type ServeStatus, statusPath } from './serve-status.ts';

/** The status is a small file in memory: looking at it is cheap, and being told of a change differs from system to system. */
const LOOK_MS = 20;
const WAIT_MS_MAX = 60_000;

/**
 * Resolves with the status after the reload. Rejects with ERR_NOT_RUNNING, or with ERR_RELOAD_FAILED, which has the message of
 * the serve: it goes on as before.
 */
export async function requestReload(runtimeFolder: string, configPath: string): Promise<ServeStatus> {
	const file = statusPath(runtimeFolder, configPath);
	const before = runningStatus(file, configPath);
	// One that has begun may have read the file before it was changed: then the one after it counts.
	const wanted = before.begun + 1;
	try {
		process.kill(before.pid, 'SIGHUP');
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		throw failed(`could not signal process ${before.pid} (${code ?? error}), wanted one of this user`);
	}
	const deadlineMs = performance.now() + WAIT_MS_MAX;
	for (;;) {
		const status = readStatus(file);
		if (status !== null && status.pid === before.pid && status.done >= wanted) return judged(status);
		if (!isServing(before)) throw failed(`process ${before.pid} ended, wanted it to answer`);
		if (performance.now() > deadlineMs) {
			throw failed(`process ${before.pid} did not answer in ${WAIT_MS_MAX / 1000} s, see its log`);
		}
		await delay(LOOK_MS);
	}
}

function runningStatus(file: string, configPath: string): ServeStatus {
	const status = readStatus(file);
	if (status === null || status.config !== realPath(configPath) || !isServing(status)) {
		const stale = status === null ? 'no status' : 'the status of a process that is gone';
		throw new RuntimeError(
			'ERR_NOT_RUNNING',
			`Could not reload: found ${stale} at ${file}, wanted a running httpfn serve of ${configPath}`,
		);
	}
	return status;
}

function judged(status: ServeStatus): ServeStatus {
	const { outcome } = status;
	if (outcome?.ok === true) return status;
	throw failed(outcome === null ? 'no outcome was told' : `${outcome.code}: ${outcome.message}`);
}

function failed(problem: string): RuntimeError {
	return new RuntimeError('ERR_RELOAD_FAILED', `The running httpfn serve goes on as before: ${problem}`);
}
