/** The part of Bun's socket API that the data plane uses, as far as it is used. Null on other engines. */
export interface BunSocket {
	data: BunSocketOwner;
	/** Undefined on a Unix socket. */
	readonly remoteAddress?: string;
	readonly remotePort?: number;
	/** Bytes the kernel took, possibly fewer than given; -1 after the close. */
	write(bytes: Uint8Array, byteOffset?: number, byteLength?: number): number;
	pause(): void;
	resume(): void;
	setNoDelay(noDelay: boolean): void;
	setKeepAlive(enable: boolean, initialDelayMs: number): void;
	/** Sends FIN; reading goes on. */
	shutdown(): void;
	/** Closes with RST. */
	terminate(): void;
	close(): void;
	/** Whether the process goes on for its sake; at first it does. */
	ref(): void;
	unref(): void;
}

/** Who gets a socket's events: kept in `data`, so that one set of callbacks serves every socket. */
export interface BunSocketOwner {
	opened(socket: BunSocket): void;
	received(bytes: Buffer): void;
	drained(): void;
	ended(): void;
	closed(error: Error | null): void;
}

export interface BunSocketCallbacks {
	open(socket: BunSocket): void;
	data(socket: BunSocket, bytes: Buffer): void;
	drain(socket: BunSocket): void;
	end(socket: BunSocket): void;
	close(socket: BunSocket, error?: Error): void;
	error(socket: BunSocket, error: Error): void;
	connectError?(socket: BunSocket, error: Error): void;
}

/** Where a socket is: an address, a file, or a descriptor that somebody else opened. */
type BunPlace =
	| { readonly hostname: string; readonly port: number }
	| { readonly unix: string }
	| { readonly fd: number };

type BunOptions = BunPlace & {
	readonly allowHalfOpen: boolean;
	readonly socket: BunSocketCallbacks;
	readonly data?: BunSocketOwner;
};

interface BunApi {
	listen(options: BunOptions): {
		/** Undefined unless the place is an address. */
		readonly hostname?: string;
		readonly port?: number;
		stop(closeActive: boolean): void;
	};
	connect(options: BunOptions): Promise<unknown>;
	readonly unsafe?: {
		/** Multiplies the thresholds from which code is compiled; 1 is usual. Since Bun 1.4.3. */
		setJITPolicy?(scale: number): void;
	};
}

export const bun: BunApi | null = (globalThis as { Bun?: BunApi }).Bun ?? null;
