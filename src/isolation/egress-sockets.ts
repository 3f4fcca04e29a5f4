/** What a place's network namespace is given so that connections can leave it, and what arrives there. */

/** Descriptors of this process, made in the namespace; whoever gets them closes them. */
export interface EgressSockets {
	/** Gets every outbound TCP connection where `redirected`, else only those of programs that use a proxy. */
	readonly tcp: number;
	/** Null where the host has no IPv6. */
	readonly tcp6: number | null;
	/** Port 53, of whatever address. */
	readonly dnsUdp: number;
	readonly dnsTcp: number;
	/** False: this kernel cannot redirect; the TCP socket is an HTTP proxy then. */
	readonly redirected: boolean;
}

export type EgressArrival =
	| {
			readonly kind: 'connection';
			/** Connected, non-blocking; the receiver's to close. */
			readonly fd: number;
			/** Where the function wanted to go; null where it came by itself, as to a proxy. */
			readonly destination: { readonly address: string; readonly port: number } | null;
	  }
	| { readonly kind: 'dns-connection'; readonly fd: number }
	| {
			readonly kind: 'dns-query';
			/** The socket to answer on: the place's, not the receiver's to close. */
			readonly fd: number;
			/** struct sockaddr of the client, for sendto. */
			readonly client: Buffer;
			readonly bytes: Buffer;
	  };

/** Ports of the sockets inside a namespace. */
export const EGRESS_PORTS = { tcp: 15_001, dns: 53 } as const;
/** What /etc/resolv.conf says inside. */
export const RESOLV_CONF = 'nameserver 127.0.0.1\noptions edns0\n';
