/**
 * Instances by the number of places taken on them: the next request goes to one of the least loaded, and among those to the one
 * used last, so that the others can go. Every operation touches a few links, however many instances there are.
 */

/** What is kept in it: a load, and its neighbours among those of the same load. */
export interface Loaded<Member> {
	readonly load: number;
	previous: Member | null;
	next: Member | null;
	listed: boolean;
}

interface Level<Member> {
	/** Used last. */
	head: Member | null;
	/** Used longest ago. */
	tail: Member | null;
}

export class LeastLoaded<Member extends Loaded<Member>> {
	readonly #placesMax: number;
	/** By load; made as they are needed. */
	readonly #levels: Level<Member>[] = [];
	/** No level below it has members. */
	#lowest = 0;

	constructor(placesMax: number) {
		this.#placesMax = placesMax;
	}

	/** The member that gets the next request; null where every place is taken. */
	first(): Member | null {
		while (this.#lowest < this.#placesMax && this.#lowest < this.#levels.length) {
			const member = this.#levels[this.#lowest]?.head ?? null;
			if (member !== null) return member;
			this.#lowest += 1;
		}
		return null;
	}

	/** Lists it by its load of now, as the one used last; call it after each change of the load. */
	put(member: Member, loadBefore: number): void {
		if (member.listed) this.#unlink(member, loadBefore);
		const level = this.#level(member.load);
		member.next = level.head;
		if (level.head === null) level.tail = member;
		else level.head.previous = member;
		level.head = member;
		member.listed = true;
		if (member.load < this.#lowest) this.#lowest = member.load;
	}

	/** Twice is harmless. */
	remove(member: Member): void {
		if (member.listed) this.#unlink(member, member.load);
	}

	/** Members without a request, the one used longest ago first. */
	*idle(): Generator<Member> {
		let member = this.#levels[0]?.tail ?? null;
		while (member !== null) {
			const { previous } = member;
			yield member;
			member = previous;
		}
	}

	#level(load: number): Level<Member> {
		while (this.#levels.length <= load) this.#levels.push({ head: null, tail: null });
		const level = this.#levels[load];
		if (level === undefined) throw new Error(`no level for a load of ${load}`);
		return level;
	}

	#unlink(member: Member, load: number): void {
		const level = this.#level(load);
		if (member.previous === null) level.head = member.next;
		else member.previous.next = member.next;
		if (member.next === null) level.tail = member.previous;
		else member.next.previous = member.previous;
		member.previous = null;
		member.next = null;
		member.listed = false;
	}
}
