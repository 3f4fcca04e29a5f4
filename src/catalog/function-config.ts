/**
 * A function's configuration as it is stored, in the names of the platform's API (documented, section "models" of its
 * reference). What httpfn acts on is typed; all else that a client set is kept as it was given, so that it can be told again.
 */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
	readonly [name: string]: JsonValue;
}

export interface FunctionConfig {
	/** `Custom` only where the package holds a bootstrap that is a web server. */
	readonly runtime: 'http' | 'Custom';
	readonly handler: string;
	/** Megabytes; one of LIMITS.memorySizesMb. */
	readonly memory_size: number;
	/** Seconds. */
	readonly timeout: number;
	readonly initializer_handler: string;
	/** Seconds. */
	readonly initializer_timeout: number;
	readonly description: string;
	/** A JSON object of strings, as text; empty: none. */
	readonly user_data: string;
	/** The same, encrypted by the state folder's key; empty: none. Never told, only handed to the function. */
	readonly encrypted_user_data: string;
	readonly strategy_config: { readonly concurrency: number; readonly concurrent_num: number };
	readonly is_return_stream: boolean;
	readonly enable_auth_in_header: boolean;
	/** Megabytes of /tmp: 512 or 10,240. */
	readonly ephemeral_storage: number;
	readonly xrole: string;
	readonly app_xrole: string;
	readonly disable_public_network: boolean;
	/** Fields that httpfn keeps and does not act on: func_vpc, mount_config, log_config, lts_custom_tag, … */
	readonly kept: JsonObject;
}
