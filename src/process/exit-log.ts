/** The record of an instance's end. */
import type { Log } from '../telemetry/log.ts';
import type { ExitCause } from './exit-cause.ts';
import { describeCause, lossError } from './exit-cause.ts';

export interface ExitRecord {
	readonly pid: number;
	readonly cause: ExitCause;
	/** Whether it had listened before it ended. */
	readonly wasReady: boolean;
	/** The last lines of stderr. */
	readonly stderr: readonly string[];
	/** Requests that were in flight. */
	readonly requestIds: readonly string[];
	/** Processes that could not be ended. */
	readonly leftCount: number;
}

const REQUEST_IDS_MAX = 20;

export function logExit(log: Log, record: ExitRecord): void {
	const { pid, cause } = record;
	if (record.leftCount > 0) {
		log.write('error', 'processes of the function could not be ended', { pid, count: record.leftCount });
	}
	if (cause.kind === 'stopped') {
		log.write('info', 'the function was stopped', { pid });
		return;
	}
	const error = lossError(cause);
	const ofStart = cause.kind === 'init-timeout' || cause.kind === 'start-refused';
	const { length } = record.requestIds;
	log.write('error', ofStart ? error.message : `the function ${describeCause(cause)}`, {
		code:
			ofStart || record.wasReady || cause.kind === 'over-memory' ? error.code : 'ERR_FUNCTION_INIT_EXITED',
		pid,
		stderr: record.stderr,
		requestsInFlight: length > 0 ? length : undefined,
		requestIds: length > 0 ? record.requestIds.slice(0, REQUEST_IDS_MAX) : undefined,
		...(cause.kind === 'over-memory' ? { peakBytes: cause.peakBytes, limitBytes: cause.limitBytes } : {}),
	});
}
