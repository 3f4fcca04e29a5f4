/**
 * The way out of the host for all instances: what arrives at the sockets of a place is judged by that instance's policy and
 * relayed from the host's own network.
 */
import type { EgressSettings } from '../contract/sandbox-settings.ts';
import type { Log } from '../telemetry/log.ts';
import type { DnsRelay } from './dns-relay.ts';
import { EgressDns } from './egress-dns.ts';
import { EgressPolicy } from './egress-policy.ts';
import { EgressPoller } from './egress-poller.ts';
import { EgressProxyClient } from './egress-proxy-client.ts';
import { EgressRefusals } from './egress-refusals.ts';
import { EgressRelay } from './egress-relay.ts';
import type { EgressArrival, EgressSockets } from './egress-sockets.ts';
import { type Kernel, kernel } from './kernel.ts';

export interface EgressLink {
	/**
	 * For an instance that has ended. What is on its way has a second to arrive; then every connection is closed. The sockets of
	 * the place are closed too. Twice is harmless.
	 */
	close(): Promise<void>;
}

export class Egress {
	readonly #kernel: Kernel = kernel();
	readonly #poller: EgressPoller;
	readonly #dns: Pick<DnsRelay, 'answer'>;
	readonly #links = new Set<EgressLink>();

	/** Throws where the C library can not be called. `onFailure`: see EgressPoller. */
	constructor(dns: Pick<DnsRelay, 'answer'>, onFailure?: (error: Error) => void) {
		this.#dns = dns;
		this.#poller = new EgressPoller(onFailure);
	}

	/** Makes ahead what the first instance would wait for. */
	warm(): void {
		this.#poller.warm();
	}

	/** Takes over the sockets. */
	open(sockets: EgressSockets, settings: EgressSettings, log: Log): EgressLink {
		const policy = new EgressPolicy(settings);
		const refusals = new EgressRefusals(log);
		const relay = new EgressRelay({ kernel: this.#kernel, settings, policy, refusals });
		const dns = new EgressDns({ kernel: this.#kernel, relay: this.#dns, policy, refusals });
		const take = (arrival: EgressArrival): void => {
			switch (arrival.kind) {
				case 'connection':
					if (arrival.destination !== null) relay.take(arrival.fd, arrival.destination);
					else if (relay.hasRoomFor(arrival.fd))
						new EgressProxyClient(arrival.fd, { relay, policy, refusals });
					break;
				case 'dns-connection':
					dns.take(arrival.fd);
					break;
				case 'dns-query':
					void dns.query(arrival.fd, arrival.client, arrival.bytes);
					break;
				default:
					arrival satisfies never;
			}
		};
		const id = this.#poller.add(sockets, take);
		const end = async (): Promise<void> => {
			dns.close();
			await Promise.all([this.#poller.remove(id), relay.close()]);
			refusals.close();
			this.#links.delete(link);
		};
		let closing: Promise<void> | null = null;
		const link: EgressLink = {
			close() {
				closing ??= end();
				return closing;
			},
		};
		this.#links.add(link);
		return link;
	}

	/** Closes every link, and ends the thread. */
	async close(): Promise<void> {
		await Promise.all([...this.#links].map((link) => link.close()));
		await this.#poller.close();
	}
}
