/** What the catalog holds. Times are milliseconds since 1970; sizes are bytes. */
import type { FunctionConfig, JsonObject } from './function-config.ts';

export interface FunctionKey {
	readonly project: string;
	/** The application; `default` on the platform. */
	readonly package: string;
	readonly name: string;
}

export interface FunctionRecord extends FunctionKey {
	/** Grows with each function made: the marker of list pages. Never used twice. */
	readonly id: number;
	/** 32 hexadecimal digits, which stay the same while the function exists. */
	readonly resourceId: string;
	readonly createdMs: number;
	readonly latest: RevisionRecord;
}

/** `latest`, which changes, or a published version, which never does. */
export interface RevisionRecord {
	readonly functionId: number;
	readonly version: string;
	readonly description: string;
	readonly config: FunctionConfig;
	readonly code: CodeRecord;
	/** Of its configuration or its code. */
	readonly modifiedMs: number;
}

export const CODE_TYPES = ['inline', 'zip', 'jar'] as const;

export interface CodeRecord {
	readonly type: (typeof CODE_TYPES)[number];
	readonly filename: string;
	/** Bytes of the package. */
	readonly bytes: number;
	/** SHA-512 of the package, 128 hexadecimal digits; its name in the store of packages. */
	readonly digest: string;
}

export interface AliasRecord {
	readonly functionId: number;
	readonly name: string;
	readonly version: string;
	readonly description: string;
	/** Percent of requests by version; at most one version, null: none (documented: additional_version_weights). */
	readonly weights: Readonly<Record<string, number>> | null;
	/** Rules by version (documented: additional_version_strategy); null: none. */
	readonly strategy: JsonObject | null;
	readonly modifiedMs: number;
}

export const TRIGGER_TYPES = ['APIG', 'DEDICATEDGATEWAY', 'APIC'] as const;
export type TriggerType = (typeof TRIGGER_TYPES)[number];

export interface TriggerRecord {
	/** A UUID. */
	readonly id: string;
	readonly functionId: number;
	/** What it leads to: `latest`, a version, or `!` and an alias. */
	readonly qualifier: string;
	readonly type: TriggerType;
	readonly status: 'ACTIVE' | 'DISABLED';
	/** What requests it answers. */
	readonly groupId: string;
	readonly path: string;
	readonly match: 'exact' | 'prefix';
	/** Null: any. */
	readonly method: string | null;
	readonly auth: TriggerAuth;
	/** Milliseconds the function may take for one request of it; null: as long as the function's own timeout. */
	readonly timeoutMs: number | null;
	/** All of event_data as it is told to clients. */
	readonly eventData: JsonObject;
	readonly createdMs: number;
	readonly modifiedMs: number;
}

/** Instances kept ready for a version or an alias. */
export interface ReservedRecord {
	readonly functionId: number;
	/** `latest`, a version, or `!` and an alias. */
	readonly qualifier: string;
	readonly count: number;
	readonly idleMode: boolean;
	/** tactics_config as it was given. */
	readonly tactics: JsonObject | null;
}

/** An event kept for trying a function. */
export interface TestEventRecord {
	readonly id: string;
	readonly functionId: number;
	readonly name: string;
	/** Base64, as it was given. */
	readonly content: string;
	readonly modifiedMs: number;
}

export interface Tag {
	readonly key: string;
	readonly value: string;
}

/** Who may call what a trigger publishes: anybody, apps, users, or whom a function of one's own lets in. */
export const TRIGGER_AUTHS = ['NONE', 'APP', 'IAM', 'AUTHORIZER'] as const;
export type TriggerAuth = (typeof TRIGGER_AUTHS)[number];

/** What users of the control plane may do. */
export const RIGHTS = ['read', 'deploy', 'invoke'] as const;
export type Right = (typeof RIGHTS)[number];

export interface UserRecord {
	readonly name: string;
	readonly rights: readonly Right[];
	readonly accessKey: string;
	/** The secret key, encrypted by the state folder's key: a signature can not be checked with a hash. */
	readonly sealedSecretKey: string;
	/** SHA-256 of the token, hexadecimal; null: the user has none. */
	readonly tokenHash: string | null;
	readonly createdMs: number;
}

/** What became of one function's requests in one minute. */
export interface StatisticsRecord {
	readonly functionId: number;
	/** Start of the minute. */
	readonly minuteMs: number;
	readonly count: number;
	readonly failCount: number;
	readonly functionErrorCount: number;
	readonly systemErrorCount: number;
	readonly rejectCount: number;
	/** Milliseconds, all requests together, longest, shortest. */
	readonly durationMs: number;
	readonly durationMsMax: number;
	readonly durationMsMin: number;
	/** Most at once. */
	readonly concurrencyMax: number;
	readonly instancesMax: number;
}
