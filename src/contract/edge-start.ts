/** What httpfn tells a zygote: an engine that has loaded all but its function, and waits for it. */
import type { FunctionSettings } from './function-settings.ts';

/** Where a zygote finds what it talks to httpfn by. It has them from its birth; a function has none of them. */
export const ZYGOTE_DESCRIPTORS = {
	/** A pipe for reports: edge-report.ts. */
	report: 3,
	/** A file that holds the message. */
	message: 4,
	/** A pipe: one line on it means that the message is there, its end that httpfn is gone. */
	order: 5,
} as const;

export interface EdgeStart {
	/** Absolute path of the code root, as the zygote sees it. */
	readonly cwd: string;
	/** Absolute path of the module. */
	readonly bundle: string;
	/** All that the function's process is to have; nothing else stays. */
	readonly environment: Readonly<Record<string, string>>;
}

export function startMessage(start: EdgeStart): string {
	return JSON.stringify(start);
}

/** Only httpfn can write there: what is malformed is a mistake of ours, and an exception. */
export function parseStart(text: string): EdgeStart {
	const { cwd, bundle, environment } = JSON.parse(text) as Partial<EdgeStart>;
	if (typeof cwd !== 'string' || typeof bundle !== 'string' || typeof environment !== 'object') {
		throw new TypeError('a start message without cwd, bundle or environment');
	}
	return { cwd, bundle, environment };
}

/** Variables that an engine reads once, before it runs any code: what a zygote began with stands. */
const READ_ONCE =
	/^(?:LANG|LANGUAGE|LC_\w+|LD_\w+|GLIBC_\w+|MALLOC_\w+|NODE_(?!ENV$)\w+|BUN_\w+|DENO_\w+|UV_\w+|ICU_\w+|OPENSSL_\w+|SSL_CERT_\w+|HTTPFN_INSPECT|(?:NO|FORCE)_COLOR|\w+_PROXY)$/i;

/** Whether a function with these variables can be a zygote's. */
export function suitsZygote({
	environment,
	toolEnvironment = {},
}: Pick<FunctionSettings, 'environment' | 'toolEnvironment'>): boolean {
	return !Object.keys({ ...environment, ...toolEnvironment }).some((name) => READ_ONCE.test(name));
}
