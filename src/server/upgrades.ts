/** Replaces this process by another executable, when it is asked to: one attempt at a time, and none that has succeeded is taken back. */
import { readlinkSync } from 'node:fs';
import process from 'node:process';
import { errorText } from '../base/error-text.ts';
import { RuntimeError } from '../contract/errors.ts';
import { LIMITS } from '../contract/limits.ts';
import { placeText } from '../gateway/place-text.ts';
import { listeningDescriptors } from '../process/listening-descriptors.ts';
import type { Log } from '../telemetry/log.ts';
import type { Handover } from './handover-variable.ts';
import type { Listening, Serving } from './serving.ts';
import { type Successor, startSuccessor } from './successor.ts';
import type { UpgradeAnswer, UpgradeQuestion } from './upgrade-message.ts';

export interface UpgradeOptions {
	readonly serving: Serving;
	readonly environment: Readonly<Record<string, string>>;
	/** The words after the program's name. */
	readonly args: readonly string[];
	readonly version: string;
	/** Of `serve`; null: there is none. */
	readonly config: string | null;
	readonly log: Log;
	/** Another process has taken over: this one has `graceMs` to end. */
	readonly onTaken: (successor: Successor, graceMs: number) => void;
}

const TOLD_TO_STOP = 'it was told to stop';

type Wanted = Extract<UpgradeQuestion, { kind: 'upgrade' }>;

export class Upgrades {
	readonly #options: UpgradeOptions;
	/** Aborted when this process is told to stop. */
	readonly #stopping = new AbortController();
	/** Under way, or successful; null: there is none. */
	#attempt: Promise<Successor> | null = null;

	constructor(options: UpgradeOptions) {
		this.#options = options;
	}

	/** Rejects with ERR_UPGRADE_FAILED: then this process goes on as before. */
	async answer(question: UpgradeQuestion): Promise<UpgradeAnswer> {
		const { version, config, log, onTaken } = this.#options;
		if (question.kind === 'status') {
			const executable = readlinkSync('/proc/self/exe');
			return { kind: 'status', pid: process.pid, version, executable, config };
		}
		this.#judge();
		const { file, graceMs } = question;
		log.write('info', 'another httpfn is started to take over', { file });
		try {
			this.#attempt = this.#start(question);
			const successor = await this.#attempt;
			log.write('info', 'another httpfn has taken over', { ...successor, graceMs });
			// What is answered first is on its way before this process ends.
			setImmediate(() => onTaken(successor, graceMs));
			return { kind: 'done', ...successor };
		} catch (error) {
			this.#attempt = null;
			log.write('error', 'not upgraded', { error: errorText(error) });
			throw error;
		}
	}

	/** Nobody takes over from what is told to stop: resolves when whoever was about to has ended. */
	async cancel(): Promise<void> {
		this.#stopping.abort();
		await this.#attempt?.catch(() => {});
	}

	#judge(): void {
		if (this.#stopping.signal.aborted) throw refused(TOLD_TO_STOP);
		if (this.#attempt !== null) throw refused('another httpfn is taking over already');
		if (this.#options.serving.listening === null)
			throw refused(
				'its requests are taken by several processes; wanted: one started without --workers, or a restart',
			);
		if (process.pid === 1)
			throw refused(
				'it is process 1 of its container, which ends with it; wanted: start a container of the new version',
			);
		if (this.#options.version.endsWith('-source'))
			throw refused('it runs from source; wanted: a built executable');
	}

	async #start({ file, timeoutMs }: Wanted): Promise<Successor> {
		const { args, environment, serving } = this.#options;
		const sockets = await socketsOf(serving.listening ?? []);
		const { controlAddress: control } = serving;
		const lendState = () => serving.lendState(LIMITS.drainGraceMs);
		try {
			const { signal } = this.#stopping;
			return await startSuccessor({
				...{ file, args, environment, sockets, control, timeoutMs, lendState, signal },
			});
		} catch (error) {
			if (this.#stopping.signal.aborted) throw refused(TOLD_TO_STOP);
			await serving.takeBackState().catch((failure: unknown) => {
				const { log } = this.#options;
				log.write('error', 'the control plane could not go on', { error: errorText(failure) });
			});
			throw error;
		}
	}
}

async function socketsOf(listening: readonly Listening[]): Promise<Handover['sockets']> {
	const descriptors = await listeningDescriptors(listening.map(({ bound }) => bound.at));
	return listening.map(({ wanted, bound: { at } }, index) => {
		const fd = descriptors[index] ?? null;
		if (fd === null) throw refused(`its socket on ${placeText(at)} could not be found among its descriptors`);
		// A socket that was handed to us with its file, by a service manager say, stays that one's.
		return { wanted: placeText(wanted), fd, file: wanted.kind === 'unix' ? wanted.path : null };
	});
}

function refused(problem: string): RuntimeError {
	return new RuntimeError('ERR_UPGRADE_FAILED', `The running httpfn can not be replaced: ${problem}`);
}
