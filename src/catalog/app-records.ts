/** Who calls APIs, and who judges that. */

/** A caller of APIs with credentials of its own (the platform's word: app). */
export interface AppRecord {
	/** 32 hexadecimal digits. */
	readonly id: string;
	readonly project: string;
	readonly name: string;
	readonly remark: string;
	/** Travels with every signature. */
	readonly key: string;
	readonly sealedSecret: string;
	/** True: shut out for now. */
	readonly frozen: boolean;
	readonly createdMs: number;
	readonly modifiedMs: number;
}

/** A word that an app may show instead of a signature. */
export interface AppCodeRecord {
	/** 32 hexadecimal digits. */
	readonly id: string;
	readonly appId: string;
	/** SHA-256 of the code, hexadecimal. */
	readonly hash: string;
	readonly sealedCode: string;
	readonly createdMs: number;
}

/** That an app may call an API. */
export interface AppGrantRecord {
	/** 32 hexadecimal digits. */
	readonly id: string;
	readonly appId: string;
	readonly apiId: string;
	readonly createdMs: number;
}

/** Where an authorizer finds who calls. */
export interface AuthorizerIdentity {
	readonly name: string;
	readonly location: 'HEADER' | 'QUERY';
}

/** A function of one's own that says who may call. */
export interface AuthorizerRecord {
	/** 32 hexadecimal digits. */
	readonly id: string;
	readonly project: string;
	readonly name: string;
	readonly functionUrn: string;
	readonly identities: readonly AuthorizerIdentity[];
	/** 0: an answer counts for the one request. */
	readonly ttlSeconds: number;
	readonly userData: string;
	readonly createdMs: number;
	readonly modifiedMs: number;
}
