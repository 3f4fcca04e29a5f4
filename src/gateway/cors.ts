/** What pages of other origins may do with an API (Fetch standard, section "CORS protocol"). The gateway says it, not the function. */
import type { RequestHead } from '../http1/request-head.ts';

export interface CorsRule {
	/** Serialized origins, or `*` alone. */
	readonly allowOrigins: readonly string[];
	/** Lists as they go into an answer; empty: the field is left out. */
	readonly allowMethods: string;
	readonly allowHeaders: string;
	readonly exposeHeaders: string;
	readonly maxAgeSeconds: number;
	/** Never with `*`. */
	readonly allowCredentials: boolean;
}

type Asked = Pick<RequestHead, 'method' | 'fieldLines'>;

const ORIGIN = /^origin:[ \t]*([^\r]*?)[ \t]*\r$/im;
const REQUESTED_METHOD = /^access-control-request-method:[ \t]*([^\r]*?)[ \t]*\r$/im;
const OWN_LINES = /^access-control-(?:allow|expose|max)-[^\r]*\r\n/gim;
const ANY = '*';

/** The method that a page wants to call by; null: the request is no preflight. */
export function preflightMethod({ method, fieldLines }: Asked): string | null {
	if (method !== 'OPTIONS' || !ORIGIN.test(fieldLines)) return null;
	return REQUESTED_METHOD.exec(fieldLines)?.[1] ?? null;
}

export class Cors {
	readonly #rule: CorsRule;
	readonly #origins: ReadonlySet<string>;
	readonly #vary: string;

	constructor(rule: CorsRule) {
		this.#rule = rule;
		this.#origins = new Set(rule.allowOrigins);
		// An answer that is the same for all origins may be kept for all of them.
		this.#vary = this.#origins.has(ANY) ? '' : 'Vary: Origin\r\n';
	}

	/** Lines of the answer to a preflight, each with CRLF. A page of another origin reads from what is missing that it may not. */
	preflightLines(asked: Asked): string {
		const { allowMethods, allowHeaders, maxAgeSeconds } = this.#rule;
		const allowed = this.#allowLines(asked);
		if (allowed === '') return this.#vary;
		return (
			allowed +
			line('Access-Control-Allow-Methods', allowMethods) +
			line('Access-Control-Allow-Headers', allowHeaders) +
			line('Access-Control-Max-Age', String(maxAgeSeconds)) +
			this.#vary
		);
	}

	/** Lines of any other answer, an error's too. */
	answerLines(asked: Asked): string {
		const allowed = this.#allowLines(asked);
		if (allowed === '') return this.#vary;
		return allowed + line('Access-Control-Expose-Headers', this.#rule.exposeHeaders) + this.#vary;
	}

	/** The function's lines without what only the gateway says: two of a kind would void both. */
	strip(lines: string): string {
		return lines.replace(OWN_LINES, '');
	}

	#allowLines({ fieldLines }: Asked): string {
		const origin = ORIGIN.exec(fieldLines)?.[1];
		if (origin === undefined) return '';
		const any = this.#origins.has(ANY);
		if (!any && !this.#origins.has(origin)) return '';
		const credentials = this.#rule.allowCredentials ? 'true' : '';
		return (
			line('Access-Control-Allow-Origin', any ? ANY : origin) +
			line('Access-Control-Allow-Credentials', credentials)
		);
	}
}

function line(name: string, value: string): string {
	return value === '' ? '' : `${name}: ${value}\r\n`;
}
