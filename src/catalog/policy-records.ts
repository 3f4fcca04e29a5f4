/** What is bound to APIs and holds for their calls: throttles, address lists, plug-ins. An API has at most one of each kind. */

export type PolicyKind = 'throttle' | 'acl' | 'plugin';

export interface PolicyBase {
	/** 32 hexadecimal digits. */
	readonly id: string;
	readonly project: string;
	readonly name: string;
	readonly remark: string;
	readonly createdMs: number;
	readonly modifiedMs: number;
}

export type Policy<Content> = PolicyBase & Content;

/** That a policy holds for the calls of an API. */
export interface PolicyBindingRecord {
	/** 32 hexadecimal digits. */
	readonly id: string;
	readonly policyId: string;
	readonly apiId: string;
	readonly createdMs: number;
}

/** Which addresses may call, or may not. */
export interface AddressRules {
	readonly permits: boolean;
	/** Addresses and CIDR blocks as they were written; at least one. */
	readonly blocks: readonly string[];
}

export type AclRecord = Policy<AddressRules>;

/** What pages of other origins may do (Fetch standard, "CORS protocol"). */
export interface CorsRules {
	/** Origins, or `*` alone. */
	readonly allowOrigins: readonly string[];
	/** As they go into an answer; empty: the field is left out. */
	readonly allowMethods: string;
	readonly allowHeaders: string;
	readonly exposeHeaders: string;
	readonly maxAgeSeconds: number;
	readonly allowCredentials: boolean;
}

/** A plug-in of the platform's gateway, of type `cors`. */
export interface PluginContent {
	/** As it was given. */
	readonly text: string;
	readonly cors: CorsRules;
}

export type PluginRecord = Policy<PluginContent>;
