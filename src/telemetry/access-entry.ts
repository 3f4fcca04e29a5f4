/** What is recorded of one request, however it ended. Times are milliseconds. */
export interface AccessEntry {
	/** When its head was read. */
	readonly time: Date;
	readonly requestId: string;
	/** Address of the client. */
	readonly client: string;
	readonly method: string;
	/** Path and query as sent; empty where the request could not be read. */
	readonly target: string;
	/** `HTTP/1.1`. */
	readonly protocol: string;
	readonly host: string;
	/** What the client was answered with; 0: it left before. */
	readonly status: number;
	/** Of the bodies. */
	readonly requestBytes: number;
	readonly responseBytes: number;
	/** Null: no function was found, or asked. */
	readonly functionName: string | null;
	/** The version that a trigger, an alias or its weights chose. */
	readonly version: string | null;
	/** Of the trigger; null: there is none. */
	readonly apiId: string | null;
	/** Who was let in; never a credential. */
	readonly app: string | null;
	readonly user: string | null;
	/** Waited for a place on an instance that runs. */
	readonly queueMs: number;
	/** Waited for an instance to start. */
	readonly coldStartMs: number;
	/** Until the answer began; null: it never did. */
	readonly firstByteMs: number | null;
	readonly totalMs: number;
	/** Our own code of an error; null: the function answered. */
	readonly error: string | null;
	readonly userAgent: string;
	readonly referer: string;
}

export type AccessFormat = 'text' | 'json' | 'combined';
