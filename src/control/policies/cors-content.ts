/** What the content of a plug-in of type `cors` says: JSON text (the platform's gateway API, "Plug-in Management"). */
import * as z from 'zod/mini';
import type { CorsRules } from '../../catalog/policy-records.ts';
import { RuntimeError } from '../../contract/errors.ts';

/** Documented: 172,800 s where the content does not say. */
const MAX_AGE_SECONDS = 172_800;
const TOKENS = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:[ \t]*,[ \t]*[!#$%&'*+.^_`|~0-9A-Za-z-]+)*$/;
const ANY = '*';

const list = () => z.optional(z.string());
const schema = () =>
	z.looseObject({
		allow_origin: z.string(),
		allow_methods: list(),
		allow_headers: list(),
		expose_headers: list(),
		max_age: z.optional(z.union([z.int().check(z.minimum(0)), z.string().check(z.regex(/^\d{1,9}$/))])),
		allow_credentials: z.optional(z.boolean()),
	});

/** Throws ERR_BODY_INVALID. */
export function corsOf(text: string): CorsRules {
	const parsed = z.safeParse(schema(), parse(text));
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw wrong(`${issue?.path.join('.') || 'the content'} is ${issue?.message ?? 'wrong'}`);
	}
	const { allow_origin: origins, allow_credentials: allowCredentials = false, max_age: age } = parsed.data;
	const rules = {
		allowOrigins: originsOf(origins),
		allowMethods: tokens('allow_methods', parsed.data.allow_methods),
		allowHeaders: tokens('allow_headers', parsed.data.allow_headers),
		exposeHeaders: tokens('expose_headers', parsed.data.expose_headers),
		maxAgeSeconds: Number(age ?? MAX_AGE_SECONDS),
		allowCredentials,
	};
	judgeCredentials(rules);
	return rules;
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw wrong('it is no JSON');
	}
}

/** Origins as browsers send them: scheme, host and port, nothing else. */
function originsOf(text: string): readonly string[] {
	const origins = text.split(',').map((part) => part.trim());
	if (origins.length === 1 && origins[0] === ANY) return origins;
	for (const origin of origins) {
		if (!URL.canParse(origin) || new URL(origin).origin !== origin)
			throw wrong(
				`allow_origin: found ${JSON.stringify(origin)}; wanted * or origins such as https://example.com`,
			);
	}
	return origins;
}

function tokens(name: string, text = ''): string {
	if (text !== '' && !TOKENS.test(text))
		throw wrong(`${name}: found ${JSON.stringify(text)}; wanted names, separated by commas`);
	return text;
}

/** With credentials browsers take `*` for a name like any other (Fetch standard): it would allow nothing. */
function judgeCredentials(rules: CorsRules): void {
	if (!rules.allowCredentials) return;
	const { allowOrigins, allowMethods, allowHeaders, exposeHeaders } = rules;
	const all = [...allowOrigins, allowMethods, allowHeaders, exposeHeaders];
	if (all.some((part) => part.split(',').some((name) => name.trim() === ANY)))
		throw wrong('allow_credentials is true and there is a *; wanted origins, methods and headers by name');
}

function wrong(problem: string): RuntimeError {
	return new RuntimeError('ERR_BODY_INVALID', `plugin_content: ${problem}`);
}
