/** Where the requests of one connection come from: its peer, or whom a trusted proxy speaks for. */

import { parseBlock } from '../base/address-block.ts';
import type { AddressSet } from '../base/address-set.ts';
import { connectionHeaderLines } from '../contract/headers.ts';
import type { Connection } from '../engine/connection.ts';
import type { RequestHead } from '../http1/request-head.ts';
import { sourceAddress } from './source-address.ts';

/** Where a request came from, as the function is told. */
export interface RequestOrigin {
	/** Of the client, behind trusted proxies. */
	readonly address: string;
	/** What the client spoke, to us or to the trusted proxy in front. */
	readonly protocol: 'http' | 'https';
	/** X-Real-IP, X-Forwarded-* and X-Apig-Source-Ip, each with CRLF. */
	readonly lines: string;
}

/** Who sends the requests. */
export type RequestPeer = Pick<Connection, 'remoteAddress' | 'tls'>;

const FORWARDED_FOR = /^x-forwarded-for:([^\r]*)/gim;
const FORWARDED_PROTO = /^x-forwarded-proto:([^\r]*)/gim;
const FORWARDED_PORT = /^x-forwarded-port:([^\r]*)/gim;
/** Hops that are looked at, the nearest first. */
const HOPS_MAX = 64;

export class RequestOrigins {
	readonly #own: RequestOrigin;
	/** Null: the peer speaks for itself. */
	readonly #trusted: AddressSet | null;
	readonly #listenPort: number;

	constructor(trusted: AddressSet, { remoteAddress, tls }: RequestPeer, listenPort: number) {
		const sourceIp = sourceAddress(remoteAddress);
		const protocol = tls === null ? 'http' : 'https';
		this.#own = {
			address: sourceIp,
			protocol,
			lines: connectionHeaderLines({ sourceIp, listenPort, protocol }),
		};
		this.#trusted = trusted.has(sourceIp) ? trusted : null;
		this.#listenPort = listenPort;
	}

	/** `head` is null where the request could not be read. */
	of(head: RequestHead | null): RequestOrigin {
		// Names that only the gateway sets are dropped from a request, and noted.
		if (this.#trusted === null || head === null || !head.noted) return this.#own;
		return this.#forwarded(head.fieldLines, this.#trusted);
	}

	#forwarded(fieldLines: string, trusted: AddressSet): RequestOrigin {
		const { address: peer } = this.#own;
		const hops = valuesOf(FORWARDED_FOR, fieldLines).slice(-HOPS_MAX);
		// Each proxy tells whom it heard from: the last that nobody trusted told of is the client.
		let client = peer;
		const way = [peer];
		for (const hop of hops.reverse()) {
			if (!trusted.has(client) || parseBlock(hop) === null || hop.includes('/')) break;
			client = hop;
			way.unshift(hop);
		}
		const said = valuesOf(FORWARDED_PROTO, fieldLines).at(-1)?.toLowerCase();
		const protocol = said === undefined ? this.#own.protocol : said === 'https' ? 'https' : 'http';
		const port = /^\d{1,5}$/.exec(valuesOf(FORWARDED_PORT, fieldLines).at(-1) ?? '')?.[0];
		const listenPort = port === undefined ? this.#portOf(protocol) : Number(port);
		const lines = connectionHeaderLines({
			sourceIp: client,
			forwardedFor: way.join(', '),
			listenPort,
			protocol,
		});
		return { address: client, protocol, lines };
	}

	/** Where a proxy does not say to which of its ports the client came. */
	#portOf(protocol: RequestOrigin['protocol']): number {
		if (protocol === this.#own.protocol) return this.#listenPort;
		return protocol === 'https' ? 443 : 80;
	}
}

/** Of all lines of a field, which are one list (RFC 9110 section 5.3). */
function valuesOf(field: RegExp, fieldLines: string): string[] {
	return [...fieldLines.matchAll(field)]
		.flatMap(([, value = '']) => value.split(','))
		.map((value) => value.trim())
		.filter((value) => value !== '');
}
