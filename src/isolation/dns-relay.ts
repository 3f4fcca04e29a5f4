/** Answers what instances ask of the domain name system: as their policies allow, from the name servers of the host. */
import { monotonicMs } from '../base/clock.ts';
import type { SocketAddress } from '../engine/socket-address.ts';
import { exchangeByTcp, exchangeByUdp } from './dns-exchange.ts';
import { type DnsPatience, inquire } from './dns-inquiry.ts';
import { addressAnswer, readAnswer, readQuery, refusedAnswer, serverFailure, withId } from './dns-message.ts';
import type { EgressPolicy } from './egress-policy.ts';
import type { EgressRefusals } from './egress-refusals.ts';
import { HOST_ADDRESS, HOST_NAME } from './host-name.ts';

/** Questions under way, of all instances and of one: each has a socket. What comes beyond fails at once. */
const UNDER_WAY_MAX = 1_000;
const UNDER_WAY_OF_INSTANCE_MAX = 100;
const PATIENCE: DnsPatience = { retryMs: 2_000, timeoutMs: 5_000 };
const HOST_BYTES = HOST_ADDRESS.split('.').map(Number);

export interface DnsRelayOptions {
	/** The name servers, the first to ask first; asked for each question anew. */
	resolvers(): readonly SocketAddress[];
	readonly patience?: DnsPatience;
}

export class DnsRelay {
	readonly #options: DnsRelayOptions;
	/** An instance has a policy of its own. */
	readonly #underWayOf = new WeakMap<EgressPolicy, number>();
	#underWay = 0;

	constructor(options: DnsRelayOptions) {
		this.#options = options;
	}

	/**
	 * The answer to a question as `transport` carries it, without the length that TCP has in front. Null: it is no question that
	 * could be answered. Never rejects. `refusals` gets the names that are refused.
	 */
	async answer(
		query: Buffer,
		policy: EgressPolicy,
		transport: 'udp' | 'tcp',
		refusals: EgressRefusals,
	): Promise<Buffer | null> {
		const question = readQuery(query);
		if (question === null) return null;
		const verdict = policy.judgeName(question.name);
		if (!verdict.allowed) {
			refusals.refusedName(question.name, verdict.reason);
			return refusedAnswer(query, question);
		}
		if (question.name === HOST_NAME) return addressAnswer(query, question, HOST_BYTES);
		const ofInstance = this.#underWayOf.get(policy) ?? 0;
		if (this.#underWay >= UNDER_WAY_MAX || ofInstance >= UNDER_WAY_OF_INSTANCE_MAX) {
			return serverFailure(query, question);
		}
		this.#count(policy, 1);
		const { resolvers, patience } = this.#options;
		const start = transport === 'udp' ? exchangeByUdp : exchangeByTcp;
		const found = await inquire(query, question, resolvers(), start, patience ?? PATIENCE);
		this.#count(policy, -1);
		if (found === null) return serverFailure(query, question);
		const answer = withId(found, question.id);
		const told = readAnswer(answer, question);
		if (told !== null) policy.learn(question.name, told.addresses, told.ttlSeconds, monotonicMs());
		return answer;
	}

	#count(policy: EgressPolicy, change: 1 | -1): void {
		this.#underWay += change;
		this.#underWayOf.set(policy, (this.#underWayOf.get(policy) ?? 0) + change);
	}
}
