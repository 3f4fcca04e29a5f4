/**
 * The places that workers have: which instance each is on, who has it, and which request is on it. A number is given to another place once
 * its own is given back.
 */
import type { LeaseEnd } from '../pool/instance-source.ts';
import type { PoolMember } from '../pool/pool-member.ts';
import type { NamedRequest, RequestNames } from '../process/requests-in-flight.ts';
import type { PlaceMarks } from './place-marks.ts';

const PREFIX = 'place ';

/** Who gets a place: one worker. */
export interface PlaceHolder {
	readonly places: Set<number>;
}

/** A place that has been asked of a pool, or got. */
export interface Reservation {
	readonly number: number;
	/** What the pool knows it by. */
	readonly name: string;
}

interface HandedPlace extends Reservation {
	readonly member: PoolMember;
	readonly holder: PlaceHolder;
	readonly onReturn: () => void;
	/** Answers on it that the pool has been told of. */
	answers: number;
}

export class PlaceTable implements RequestNames {
	readonly #marks: Pick<PlaceMarks, 'of' | 'wipe' | 'answers'>;
	readonly #handed = new Map<number, HandedPlace>();
	readonly #free: number[] = [];
	#count = 0;

	constructor(marks: Pick<PlaceMarks, 'of' | 'wipe' | 'answers'>) {
		this.#marks = marks;
	}

	/** A number to ask a pool with. `unreserve` or `hand` is called for it once. */
	reserve(): Reservation {
		const number = this.#free.pop() ?? this.#count++;
		return { number, name: `${PREFIX}${number}` };
	}

	unreserve({ number }: Reservation): void {
		this.#free.push(number);
	}

	/** `onReturn` is called when it has been given back, by whomever. */
	hand(reservation: Reservation, member: PoolMember, holder: PlaceHolder, onReturn: () => void): void {
		const { number } = reservation;
		this.#marks.wipe(number);
		this.#handed.set(number, {
			...reservation,
			member,
			holder,
			onReturn,
			answers: this.#marks.answers(number),
		});
		holder.places.add(number);
	}

	/** Given back. Nothing happens where it is not handed out. */
	release(number: number, how: LeaseEnd): void {
		const place = this.#handed.get(number);
		if (place === undefined) return;
		if (how === 'timeout' && this.#answeredSince(place.member)) place.member.timeoutsInARow = 0;
		this.#handed.delete(number);
		place.holder.places.delete(number);
		place.member.release(place.name, how);
		this.unreserve(place);
		place.onReturn();
	}

	/** Whether the instance has answered on a place that a worker has kept since: the pool is told of none of these. */
	#answeredSince(member: PoolMember): boolean {
		let answered = false;
		for (const place of this.#handed.values()) {
			if (place.member !== member) continue;
			const answers = this.#marks.answers(place.number);
			answered ||= answers !== place.answers;
			place.answers = answers;
		}
		return answered;
	}

	/** As RequestNames: of whoever did not come by a place it is the id. */
	of(name: string): NamedRequest | null {
		if (!name.startsWith(PREFIX)) return { id: name, endedForMs: null };
		return this.#marks.of(Number(name.slice(PREFIX.length)));
	}
}
