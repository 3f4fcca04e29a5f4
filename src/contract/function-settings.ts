import type { EdgeProgram } from './edge-program.ts';

/** One function as the platform knows it: everything that decides what its process and its requests look like. */
export interface FunctionSettings {
	/** Absolute path of the folder that holds `bootstrap`, or the entry of an edge function. */
	readonly codeRoot: string;
	/** Run instead of a `bootstrap`. Absent: that is started. */
	readonly edge?: EdgeProgram;
	readonly name: string;
	/** The application the function belongs to; `default` on the platform. */
	readonly package: string;
	readonly version: string;
	readonly projectId: string;
	readonly region: string;
	/** Megabytes; one of LIMITS.memorySizesMb. */
	readonly memoryMb: number;
	/** Seconds one request may take. */
	readonly timeoutSeconds: number;
	/** Seconds the bootstrap may take until it listens. */
	readonly initTimeoutSeconds: number;
	/** The user's own variables. */
	readonly environment: Readonly<Record<string, string>>;
	/** Encrypted variables: the function finds them in RUNTIME_USERDATA only (documented). Absent: none. */
	readonly secretEnvironment?: Readonly<Record<string, string>>;
	/** Variables of a debugger, say: the function's processes have them, RUNTIME_USERDATA does not. Absent: none. */
	readonly toolEnvironment?: Readonly<Record<string, string>>;
	/** `is_return_stream`: responses of unknown length flow at once, up to 200 MB. */
	readonly streamResponse: boolean;
	/** Refuse a response whose serialized envelope would pass 6 MiB + 100 bytes. */
	readonly strictEnvelope: boolean;
	/** `enable_auth_in_header`: null, or what the secret X-CFF headers carry. */
	readonly credentials: FunctionCredentials | null;
}

/** What an agency gives a function; sent as headers only where the function asks for it. */
export interface FunctionCredentials {
	readonly accessKey: string;
	readonly secretKey: string;
	readonly securityAccessKey: string;
	readonly securitySecretKey: string;
	readonly securityToken: string;
	readonly authToken: string;
}
