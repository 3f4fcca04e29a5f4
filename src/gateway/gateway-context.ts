/** What the connections of one gateway share. What belongs to one function is its FunctionTarget. */

import type { AddressBlock } from '../base/address-block.ts';
import { AddressSet } from '../base/address-set.ts';
import { DeadlineQueue } from '../base/deadline.ts';
import { LIMITS } from '../contract/limits.ts';
import type { AccessLog } from '../telemetry/access-log.ts';
import type { Log } from '../telemetry/log.ts';
import type { Elsewhere } from './elsewhere.ts';
import { HeldBytes } from './held-bytes.ts';
import type { Router } from './router.ts';
import type { TlsSettings } from './tls-certificates.ts';

/** Bounds of the gateway's own, as milliseconds and bytes; tests shorten them. */
export interface GatewayLimits {
	readonly headTimeoutMs: number;
	readonly idleTimeoutMs: number;
	readonly stallTimeoutMs: number;
	readonly connectionsMax: number;
	/** Of one IPv4 address or one /64 of IPv6; those of this host and of trusted proxies are not counted. */
	readonly connectionsPerAddressMax: number;
	readonly heldBytesMax: number;
}

export interface GatewayOptions {
	readonly router: Router;
	/** For what concerns no function: connections, and requests that nobody answers. */
	readonly log: Log;
	readonly limits?: Partial<GatewayLimits>;
	/** Whose word on where a request came from is taken; nobody's unless told otherwise. */
	readonly trustedProxies?: readonly AddressBlock[];
	/** Peers that say by the PROXY protocol whose connection it is; nobody unless told otherwise. */
	readonly proxyProtocol?: readonly AddressBlock[];
	/** Null: no point that it listens on is secure. */
	readonly tls?: TlsSettings | null;
	/** Where requests are recorded; null: nowhere. */
	readonly accessLog?: Pick<AccessLog, 'write'> | null;
	/** A browser that is answered with an error gets a page to read: for who is at work on a function. */
	readonly errorPages?: boolean;
	/** What other processes use of the bounds of this host; null: there is none. */
	readonly elsewhere?: Elsewhere | null;
}

export class GatewayContext {
	/** Who answers the requests that begin from now on. */
	router: Router;
	readonly log: Log;
	readonly trustedProxies: AddressSet;
	readonly accessLog: Pick<AccessLog, 'write'> | null;
	readonly errorPages: boolean;
	readonly limits: GatewayLimits;
	readonly held: HeldBytes;
	readonly headDeadlines: DeadlineQueue;
	readonly idleDeadlines: DeadlineQueue;
	readonly stallDeadlines: DeadlineQueue;
	readonly lingerDeadlines = new DeadlineQueue(LINGER_MS);
	/** True from the moment a stop was asked for, or another process took over: answers say Connection: close. */
	leaving = false;
	/** True from the moment that new requests are refused. */
	draining = false;
	/** What the gateway asks itself for, to see whether it answers; nobody else knows it. Null: it does not. */
	selfTarget: string | null = null;

	constructor(options: GatewayOptions) {
		this.router = options.router;
		this.log = options.log;
		this.trustedProxies = new AddressSet(options.trustedProxies ?? []);
		this.accessLog = options.accessLog ?? null;
		this.errorPages = options.errorPages ?? false;
		this.limits = { ...LIMITS, ...options.limits };
		this.held = new HeldBytes(this.limits.heldBytesMax, options.elsewhere?.heldBytes);
		this.headDeadlines = new DeadlineQueue(this.limits.headTimeoutMs);
		this.idleDeadlines = new DeadlineQueue(this.limits.idleTimeoutMs);
		this.stallDeadlines = new DeadlineQueue(this.limits.stallTimeoutMs);
	}
}

/** How long a connection that answered too early is still read, so that its client sees the answer. */
const LINGER_MS = 2000;
