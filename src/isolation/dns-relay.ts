/** Answers what instances ask of the domain name system: as their policies allow, from the name servers of the host. */
import { monotonicMs } from '../base/clock.ts';
import type { Log } from '../telemetry/log.ts';
import { exchangeByTcp, exchangeByUdp } from './dns-exchange.ts';
import { type DnsPatience, inquire } from './dns-inquiry.ts';
import { addressAnswer, readAnswer, readQuery, refusedAnswer, serverFailure, withId } from './dns-message.ts';
import type { EgressPolicy } from './egress-policy.ts';
import { EgressRefusals } from './egress-refusals.ts';
import { HOST_ADDRESS, HOST_NAME } from './host-name.ts';
import type { SocketAddress } from './socket-address.ts';

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

/** One instance. */
interface Asker {
	readonly refusals: EgressRefusals;
	underWay: number;
}

export class DnsRelay {
	readonly #options: DnsRelayOptions;
	/** An instance has a policy of its own. */
	readonly #askers = new WeakMap<EgressPolicy, Asker>();
	#underWay = 0;

	constructor(options: DnsRelayOptions) {
		this.#options = options;
	}

	/**
	 * The answer to a question as `transport` carries it, without the length that TCP has in front. Null: it is no question that
	 * could be answered. Never rejects. `log` gets the names that are refused.
	 */
	async answer(
		query: Buffer,
		policy: EgressPolicy,
		transport: 'udp' | 'tcp',
		log: Log,
	): Promise<Buffer | null> {
		const question = readQuery(query);
		if (question === null) return null;
		const asker = this.#askerOf(policy, log);
		const verdict = policy.judgeName(question.name);
		if (!verdict.allowed) {
			asker.refusals.refusedName(question.name, verdict.reason);
			return refusedAnswer(query, question);
		}
		if (question.name === HOST_NAME) return addressAnswer(query, question, HOST_BYTES);
		if (this.#underWay >= UNDER_WAY_MAX || asker.underWay >= UNDER_WAY_OF_INSTANCE_MAX) {
			return serverFailure(query, question);
		}
		this.#underWay += 1;
		asker.underWay += 1;
		const { resolvers, patience } = this.#options;
		const start = transport === 'udp' ? exchangeByUdp : exchangeByTcp;
		const found = await inquire(query, question, resolvers(), start, patience ?? PATIENCE);
		this.#underWay -= 1;
		asker.underWay -= 1;
		if (found === null) return serverFailure(query, question);
		const answer = withId(found, question.id);
		const told = readAnswer(answer, question);
		if (told !== null) policy.learn(question.name, told.addresses, told.ttlSeconds, monotonicMs());
		return answer;
	}

	#askerOf(policy: EgressPolicy, log: Log): Asker {
		const known = this.#askers.get(policy);
		if (known !== undefined) return known;
		const asker = { refusals: new EgressRefusals(log), underWay: 0 };
		this.#askers.set(policy, asker);
		return asker;
	}
}
