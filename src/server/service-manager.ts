/**
 * What the service manager that started httpfn is told, by the protocol of sd_notify(3): one datagram for each change. Without
 * NOTIFY_SOCKET nobody is told anything. A manager that does not listen any more is no reason to stop.
 *
 *   ready → (reloading → ready)* → stopping        WATCHDOG=1 all the while, as long as `check` finds that requests are answered
 */
import process from 'node:process';
import { monotonicMs } from '../base/clock.ts';
import { errorText } from '../base/error-text.ts';
import { type DatagramSender, openDatagramSender } from '../engine/datagram-sender.ts';
import { monotonicMicroseconds } from '../engine/monotonic-clock.ts';
import type { Log } from '../telemetry/log.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** A check that is slower than this has failed, however patient the manager is. */
const CHECK_MS_MAX = 10_000;
/** After a check that failed. */
const RETRY_MS_MAX = 1000;

export class ServiceManager {
	readonly #sender: DatagramSender | null;
	readonly #watchdogMs: number | null;
	readonly #log: Log;
	#timer: NodeJS.Timeout | undefined;
	#check: (timeoutMs: number) => Promise<void> = () => Promise.resolve();
	#failing = false;
	#closed = false;

	constructor(environment: Variables, log: Log) {
		const { NOTIFY_SOCKET: place = '' } = environment;
		this.#log = log;
		this.#sender = place === '' ? null : openDatagramSender(place);
		this.#watchdogMs = this.#sender === null ? null : watchdogMs(environment);
		if (place !== '' && this.#sender === null)
			log.write('warn', 'the service manager can not be told that httpfn is ready', { NOTIFY_SOCKET: place });
	}

	/** Requests are answered from now on. */
	ready(status: string): void {
		this.#tell('READY=1', `STATUS=${status}`, `MAINPID=${process.pid}`);
	}

	reloading(): void {
		// In microseconds of CLOCK_MONOTONIC, so that a manager knows this reload from one before.
		const status = 'STATUS=Reading the configuration again';
		this.#tell('RELOADING=1', `MONOTONIC_USEC=${monotonicMicroseconds() ?? 0n}`, status);
	}

	stopping(status: string): void {
		this.#check = () => Promise.resolve();
		this.#tell('STOPPING=1', `STATUS=${status}`);
	}

	/** Another process is the service from now on, and says the rest itself. */
	handOver(pid: number): void {
		this.#tell(`MAINPID=${pid}`);
		this.close();
	}

	/** `check` rejects where requests are not answered: then the manager is not told that they are, and ends what hangs. */
	watch(check: (timeoutMs: number) => Promise<void>): void {
		if (this.#watchdogMs === null || this.#closed) return;
		this.#check = check;
		void this.#look(this.#watchdogMs / 2);
	}

	/** Twice is harmless. */
	close(): void {
		this.#closed = true;
		clearTimeout(this.#timer);
		this.#sender?.close();
	}

	async #look(everyMs: number): Promise<void> {
		const begunMs = monotonicMs();
		let waitMs = everyMs;
		try {
			await this.#check(Math.min(everyMs, CHECK_MS_MAX));
			if (this.#failing) this.#log.write('info', 'httpfn answers its own requests again');
			this.#failing = false;
			this.#tell('WATCHDOG=1');
			waitMs = everyMs - (monotonicMs() - begunMs);
		} catch (error) {
			if (!this.#failing)
				this.#log.write('error', 'httpfn does not answer its own requests', { error: errorText(error) });
			this.#failing = true;
			waitMs = Math.min(everyMs / 2, RETRY_MS_MAX);
		}
		if (this.#closed) return;
		this.#timer = setTimeout(() => void this.#look(everyMs), Math.max(0, waitMs));
		this.#timer.unref();
	}

	#tell(...lines: readonly string[]): void {
		if (!this.#closed) this.#sender?.send(lines.join('\n'));
	}
}

/** Null: nobody waits for a sign of life of this process. */
function watchdogMs({ WATCHDOG_USEC: text = '', WATCHDOG_PID: owner }: Variables): number | null {
	if (!/^[1-9]\d{0,15}$/.test(text) || (owner !== undefined && owner !== `${process.pid}`)) return null;
	return Number(text) / 1000;
}
