/**
 * Counts what becomes of each function's requests, by the minute, and says in its log when one begins and ends (documented
 * forms). The counts go to the catalog every few seconds: what a kill -9 takes with it are those seconds.
 */
import { errorText } from '../base/error-text.ts';
import type { ExtraStore } from '../catalog/extra-store.ts';
import type { StatisticsRecord } from '../catalog/records.ts';
import type { RequestObserver, RequestOutcome } from '../gateway/request-observer.ts';
import type { Log } from '../telemetry/log.ts';
import type { LogLine, RecentLines } from '../telemetry/recent-lines.ts';

const MINUTE_MS = 60_000;
const FLUSH_MS = 10_000;
/** Records that wait for a catalog which can not be written. */
const RECORDS_KEPT_MAX = 10_000;

type Counts = { -readonly [Name in keyof StatisticsRecord]: StatisticsRecord[Name] };

interface Counter {
	counts: Counts | null;
	inFlight: number;
}

export interface StatisticsOptions {
	readonly extras: Pick<ExtraStore, 'addStatistics'>;
	readonly lines: RecentLines;
	readonly log: Log;
	readonly instanceCount: (functionId: number) => number;
}

export class FunctionStatistics {
	readonly #options: StatisticsOptions;
	readonly #counters = new Map<number, Counter>();
	#done: Counts[] = [];
	readonly #timer: NodeJS.Timeout;

	constructor(options: StatisticsOptions) {
		this.#options = options;
		this.#timer = setInterval(() => this.flush(), FLUSH_MS);
		this.#timer.unref();
	}

	/** Of one version of a function. */
	observer(functionId: number, version: string): RequestObserver {
		return {
			began: (requestId) => {
				const counter = this.#counter(functionId);
				counter.inFlight += 1;
				const counts = this.#counts(functionId, counter);
				counts.concurrencyMax = Math.max(counts.concurrencyMax, counter.inFlight);
				this.#say(functionId, version, requestId, `Start invoke request '${requestId}', version: ${version}`);
			},
			ended: (requestId, outcome) => {
				const counter = this.#counter(functionId);
				counter.inFlight -= 1;
				count(this.#counts(functionId, counter), outcome);
				const failed = outcome.error === null ? '' : '(invoke Failed)';
				const ms = outcome.durationMs;
				const text = `Finish invoke request '${requestId}'${failed}, duration: ${ms.toFixed(3)}ms, billing duration: ${Math.ceil(ms)}ms`;
				this.#say(functionId, version, requestId, text);
			},
		};
	}

	/** Hands over what was counted so far. */
	flush(): void {
		const records = [...this.#done];
		for (const [functionId, counter] of this.#counters) {
			if (counter.counts !== null) records.push(counter.counts);
			counter.counts = null;
			if (counter.inFlight === 0) this.#counters.delete(functionId);
		}
		if (records.length === 0) return;
		try {
			this.#options.extras.addStatistics(records);
			this.#done = [];
		} catch (error) {
			// They are tried again with the next: a disk that is full now may have room then.
			this.#done = records.slice(-RECORDS_KEPT_MAX);
			const message = errorText(error);
			this.#options.log.write('warn', 'statistics could not be kept yet', { error: message });
		}
	}

	close(): void {
		clearInterval(this.#timer);
		this.flush();
	}

	/** The one of all versions. A flush forgets it while no request is under way, so nobody may keep it from one request to another. */
	#counter(functionId: number): Counter {
		const counter = this.#counters.get(functionId) ?? { counts: null, inFlight: 0 };
		this.#counters.set(functionId, counter);
		return counter;
	}

	#counts(functionId: number, counter: Counter): Counts {
		const minuteMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
		if (counter.counts !== null && counter.counts.minuteMs !== minuteMs) {
			this.#done.push(counter.counts);
			counter.counts = null;
		}
		counter.counts ??= {
			...NOTHING,
			functionId,
			minuteMs,
			instancesMax: this.#options.instanceCount(functionId),
		};
		return counter.counts;
	}

	#say(functionId: number, version: string, requestId: string, text: string): void {
		const line: LogLine = { timeMs: Date.now(), version, stream: 'platform', requestId, text };
		this.#options.lines.add(functionId, line);
	}
}

function count(counts: Counts, { durationMs, status, error }: RequestOutcome): void {
	counts.count += 1;
	counts.durationMs += durationMs;
	counts.durationMsMax = Math.max(counts.durationMsMax, durationMs);
	counts.durationMsMin = counts.count === 1 ? durationMs : Math.min(counts.durationMsMin, durationMs);
	if (error === null) {
		if (status >= 500) counts.functionErrorCount += 1;
		return;
	}
	counts.failCount += 1;
	if (error.code === 'ERR_TOO_MANY_REQUESTS') counts.rejectCount += 1;
	else if (error.row.fault === 'function') counts.functionErrorCount += 1;
	else if (error.row.fault === 'platform') counts.systemErrorCount += 1;
}

const NOTHING = {
	count: 0,
	failCount: 0,
	functionErrorCount: 0,
	systemErrorCount: 0,
	rejectCount: 0,
	durationMs: 0,
	durationMsMax: 0,
	durationMsMin: 0,
	concurrencyMax: 0,
};
