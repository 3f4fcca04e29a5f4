/** One proxy under test: what it is called in the tables and the program that is started for it. */
export interface Peer {
	readonly name: string;
	readonly kind: 'nginx' | 'nginx-unbuffered' | 'haproxy' | 'caddy' | 'httpfn';
	/** Absolute path of the executable. */
	readonly binary: string;
	/** True where the file holds the same bytes as the flagship, dist/httpfn. */
	readonly flagship: boolean;
	/** Processes that take requests; absent: one. */
	readonly workers?: number;
}
