/** One connection of a program to the proxy of its place: its head, then the same judgement and the same relay as any other. */
import { monotonicMs } from '../base/clock.ts';
import { Deadline, DeadlineQueue } from '../base/deadline.ts';
import { LIMITS } from '../contract/limits.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import { nodeDns, nodeNet } from '../engine/late-builtins.ts';
import { ProtocolFault } from '../http1/protocol-fault.ts';
import type { EgressPolicy, Verdict } from './egress-policy.ts';
import { ProxyHead, type ProxyRequest, proxyRefusal } from './egress-proxy.ts';
import type { EgressRefusals } from './egress-refusals.ts';
import type { EgressRelay } from './egress-relay.ts';
import { HOST_ADDRESS, HOST_NAME } from './host-name.ts';

/** What the host's resolver tells has no lifetime. */
const LEARNT_SECONDS = 60;

export interface ProxyOptions {
	readonly relay: EgressRelay;
	readonly policy: EgressPolicy;
	readonly refusals: EgressRefusals;
}

type Allowed = Extract<Verdict, { allowed: true }>;

/** A head has so long to come. */
const heads = new DeadlineQueue(LIMITS.headTimeoutMs);

/** head ──▶ judging ──▶ (the relay's) ; from each ──▶ over */
type Phase = 'head' | 'judging' | 'over';

export class EgressProxyClient implements ConnectionHandler {
	readonly #options: ProxyOptions;
	readonly #client: Connection;
	readonly #head = new ProxyHead();
	readonly #expiry: Deadline;
	#phase: Phase = 'head';
	#ended = false;

	/** Takes over the descriptor. */
	constructor(fd: number, options: ProxyOptions) {
		this.#options = options;
		this.#client = options.relay.adopt(fd, this);
		this.#expiry = new Deadline(() => this.#client.reset());
		heads.set(this.#expiry);
	}

	onData(bytes: Buffer): void {
		if (this.#phase !== 'head') return;
		try {
			const request = this.#head.push(bytes);
			if (request === null) return;
			this.#phase = 'judging';
			this.#expiry.clear();
			this.#client.pause();
			void this.#serve(request);
		} catch (error) {
			if (!(error instanceof ProtocolFault)) throw error;
			this.#answer(400, error.message);
		}
	}

	onDrain(): void {}

	onEnd(): void {
		this.#ended = true;
		if (this.#phase === 'head') this.#client.destroy();
		if (this.#phase === 'over') this.#client.end();
	}

	onClose(): void {
		this.#phase = 'over';
		this.#expiry.clear();
		this.#options.relay.forget(this.#client);
	}

	async #serve(request: ProxyRequest): Promise<void> {
		const { policy, refusals, relay } = this.#options;
		const { host, port, greeting, forward } = request;
		const found = await judge(request, policy);
		if (this.#phase !== 'judging') return;
		if (found.kind === 'allowed') {
			const onFailure = (code: string) => this.#answer(502, `${host}:${port} could not be reached: ${code}`);
			const opening = { greeting, forward, ended: this.#ended, onFailure };
			relay.join(this.#client, { address: found.address, port }, found.verdict, opening);
			return;
		}
		const isRefused = found.kind === 'refused';
		const told = { destination: host, port, reason: found.reason };
		if (isRefused) refusals.refused(told);
		else refusals.failed(told);
		this.#answer(isRefused ? 403 : 502, `${host}:${port} is not reached: ${found.reason}`);
	}

	#answer(status: Parameters<typeof proxyRefusal>[0], reason: string): void {
		this.#phase = 'over';
		// The relay may have had it.
		this.#client.handler = this;
		this.#client.write(proxyRefusal(status, reason));
		this.#client.end();
		// What still comes is dropped, until the peer closes.
		this.#client.resume();
		heads.set(this.#expiry);
	}
}

type Judgement =
	| { readonly kind: 'allowed'; readonly address: string; readonly verdict: Allowed }
	| { readonly kind: 'refused' | 'unresolved'; readonly reason: string };

async function judge({ host, port }: ProxyRequest, policy: EgressPolicy): Promise<Judgement> {
	if (nodeNet().isIP(host) !== 0) return judgeAddresses([host], port, policy);
	const name = host.toLowerCase();
	const verdict = policy.judgeName(name);
	if (!verdict.allowed) return { kind: 'refused', reason: verdict.reason };
	if (name === HOST_NAME) return judgeAddresses([HOST_ADDRESS], port, policy);
	try {
		const addresses = (await nodeDns().lookup(name, { all: true })).map(({ address }) => address);
		policy.learn(name, addresses, LEARNT_SECONDS, monotonicMs());
		return judgeAddresses(addresses, port, policy);
	} catch (error) {
		return { kind: 'unresolved', reason: (error as NodeJS.ErrnoException).code ?? 'ENOTFOUND' };
	}
}

/** The first that is allowed; where none is, why the first is not. */
function judgeAddresses(addresses: readonly string[], port: number, policy: EgressPolicy): Judgement {
	let reason: string | null = null;
	for (const address of addresses) {
		const verdict = policy.judge(address, port, monotonicMs());
		if (verdict.allowed) return { kind: 'allowed', address, verdict };
		reason ??= verdict.reason;
	}
	return reason === null ? { kind: 'unresolved', reason: 'ENODATA' } : { kind: 'refused', reason };
}
