/** What an instance may see and reach, where the host can enforce it. */
export interface SandboxSettings {
	/** Megabytes of the instance's own /tmp (documented: 512, or 10,240). */
	readonly tmpMb: number;
	readonly egress: EgressSettings;
	/** Interpreters by the name of the platform's folder (`nodejs18.15`, or `nodejs` for all versions): absolute path of the program. */
	readonly interpreters: Readonly<Record<string, string>>;
	/** Absolute paths of the host that the function may read, beyond the system's own folders. */
	readonly expose: readonly string[];
	/** Absolute paths of the host that no function may see: configuration, state. */
	readonly hide: readonly string[];
}

/** Where a function may connect to. */
export interface EgressSettings {
	/** `open`: what the host reaches; `allow`: only what `allow` lists; `none`: nothing. */
	readonly mode: 'open' | 'allow' | 'none';
	/**
	 * CIDR blocks, addresses and names (`*.example.com` for all below), each with an optional `:port`. In mode `open` it lifts the
	 * refusal of metadata addresses and of the host's loopback, where it names them.
	 */
	readonly allow: readonly string[];
	/** Address of this host from which public destinations are reached; null: as the host routes. Private ones always go as the host routes. */
	readonly publicSource: string | null;
	/** `disable_public_network`: only private addresses are reached. */
	readonly disablePublicNetwork: boolean;
}
