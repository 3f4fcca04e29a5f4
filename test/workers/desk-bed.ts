/** A desk over a pool of real instances, and workers that do what the test says. */
import type { ScalingSettings } from '../../src/contract/scaling-settings.ts';
import { HandedInstances } from '../../src/workers/handed-instances.ts';
import type { OwnerMessage } from '../../src/workers/messages.ts';
import { type DeskWorker, PlaceDesk } from '../../src/workers/place-desk.ts';
import { PlaceTable } from '../../src/workers/place-table.ts';
import { type PoolBed, poolBed } from '../pool/pool-support.ts';

type Grant = Extract<OwnerMessage, { kind: 'grant' }>;

export class TestWorker implements DeskWorker {
	readonly places = new Set<number>();
	readonly sent: OwnerMessage[] = [];
	/** What it does when it is asked to give back what lies idle. */
	onShare: (round: number) => void = () => {};
	#wake = Promise.withResolvers<void>();

	send(message: OwnerMessage): void {
		this.sent.push(message);
		// As over a socket: the answer comes in another turn.
		if (message.kind === 'share') setImmediate(() => this.onShare(message.round));
		this.#wake.resolve();
		this.#wake = Promise.withResolvers<void>();
	}

	/** The place that answers the ask, past or to come. */
	async granted(ask: number): Promise<Grant> {
		for (;;) {
			const found = this.sent.find(
				(message): message is Grant => message.kind === 'grant' && message.ask === ask,
			);
			if (found !== undefined) return found;
			await this.#wake.promise;
		}
	}

	/** Code of the refusal that answers the ask. */
	async refused(ask: number): Promise<string> {
		for (;;) {
			const found = this.sent.find((message) => message.kind === 'refuse' && message.ask === ask);
			if (found?.kind === 'refuse') return found.error.code;
			await this.#wake.promise;
		}
	}
}

export interface DeskBed extends AsyncDisposable {
	readonly bed: PoolBed;
	readonly desk: PlaceDesk;
	readonly places: PlaceTable;
	readonly workers: readonly [TestWorker, TestWorker];
	/** How many answers each place has seen, as a worker would mark them. */
	readonly answers: Map<number, number>;
}

export function deskBed(scaling: Partial<ScalingSettings>): DeskBed {
	const bed = poolBed(scaling);
	const answers = new Map<number, number>();
	const places = new PlaceTable({
		of: () => null,
		wipe() {},
		answers: (place) => answers.get(place) ?? 0,
	});
	const workers = [new TestWorker(), new TestWorker()] as const;
	const instances = new HandedInstances(() => {});
	const desk = new PlaceDesk({ number: 1, pool: bed.pool, places, instances, workers: () => workers });
	for (const worker of workers) worker.onShare = (round) => desk.shared(worker, round);
	const close = async (): Promise<void> => {
		desk.close();
		await bed[Symbol.asyncDispose]();
	};
	return { bed, desk, places, workers, answers, [Symbol.asyncDispose]: close };
}
