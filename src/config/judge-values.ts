/** Values of settings, wherever they come from, judged one by one and together. */
import * as z from 'zod/mini';
import { LIMITS } from '../contract/limits.ts';
import { type Mistake, valueMistake } from './config-error.ts';
import { credentialsOf } from './credentials-of.ts';
import { showValue } from './field-text.ts';
import type { GivenValue } from './given-value.ts';
import { judgeSandbox } from './judge-sandbox.ts';
import { judgeTactics } from './judge-tactics.ts';
import { FIELD_KEYS, FIELDS, type FieldKey, type SettingValues } from './schema.ts';

/** Null where one is wrong. Only what was given is judged; a test holds the defaults against the schema. */
export function judgeValues(
	given: ReadonlyMap<FieldKey, GivenValue>,
	mistakes: Mistake[],
): SettingValues | null {
	const values = new Map<FieldKey, unknown>(FIELD_KEYS.map((key) => [key, FIELDS[key].fallback]));
	let wrong = false;
	for (const [key, entry] of given) {
		const result = z.safeParse(typeOf(key), entry.value);
		if (result.success) {
			values.set(key, result.data);
		} else {
			wrong = true;
			mistakes.push(...mistakesIn(key, entry, result.error.issues));
		}
	}
	if (wrong) return null;
	// Each value has passed the type of its own key, or is its default.
	const judged = Object.fromEntries(values) as unknown as SettingValues;
	judgeTogether(judged, given, mistakes);
	return judged;
}

const types = new Map<FieldKey, z.ZodMiniType>();

/** Made when it is needed, and once: a file may have hundreds of functions. */
function typeOf(key: FieldKey): z.ZodMiniType {
	const known = types.get(key);
	if (known !== undefined) return known;
	const type: z.ZodMiniType = FIELDS[key].type();
	types.set(key, type);
	return type;
}

function mistakesIn(key: FieldKey, entry: GivenValue, issues: readonly z.core.$ZodIssue[]): Mistake[] {
	const field = FIELDS[key];
	const parts = issues.flatMap((issue) => flatten(issue, []));
	if (entry.locate === undefined || field.secret || parts.every(({ path }) => path.length === 0)) {
		const position = entry.locate?.([]).position;
		const problem = `found ${showValue(field, entry.value)}, wanted ${field.wanted}`;
		return [valueMistake(entry.source, problem, position)];
	}
	return parts.map(({ path, unknown, wanted }) => {
		const place = entry.locate?.(path);
		const found = `found ${showValue(field, valueAt(entry.value, path))}`;
		const problem = unknown ? 'unknown key' : `${found}, wanted ${wanted ?? field.wanted}`;
		return valueMistake(place?.source ?? entry.source, problem, place?.position);
	});
}

interface Part {
	readonly path: readonly PropertyKey[];
	/** Null where the message says nothing. */
	readonly wanted: string | null;
	readonly unknown: boolean;
}

/** Of the forms that a value may have, the one that it came closest to is the one that was meant. */
function flatten(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): Part[] {
	const path = [...above, ...issue.path];
	if (issue.code === 'invalid_union') {
		const forms = issue.errors.map((form) => form.flatMap((inner) => flatten(inner, path)));
		const depth = (form: readonly Part[]) => Math.max(0, ...form.map((part) => part.path.length));
		return forms.reduce(
			(best, form) => (depth(form) > depth(best) ? form : best),
			[{ path, wanted: null, unknown: false }],
		);
	}
	if (issue.code === 'unrecognized_keys') {
		return issue.keys.map((name) => ({ path: [...path, name], wanted: null, unknown: true }));
	}
	return [{ path, wanted: issue.message === 'Invalid input' ? null : issue.message, unknown: false }];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
	let part = value;
	for (const key of path) {
		if (typeof part !== 'object' || part === null) return undefined;
		part = Reflect.get(part, key);
	}
	return part;
}

/** Rules between settings. */
function judgeTogether(
	values: SettingValues,
	given: ReadonlyMap<FieldKey, GivenValue>,
	mistakes: Mistake[],
): void {
	const { streamTimeoutSecondsMax } = LIMITS;
	const wrong = (key: FieldKey, problem: string) => {
		const entry = given.get(key);
		mistakes.push(valueMistake(entry?.source ?? key, problem, entry?.locate?.([]).position));
	};
	if (values.stream && values.timeout > streamTimeoutSecondsMax) {
		const wanted = `wanted at most ${streamTimeoutSecondsMax} for a function that streams`;
		wrong('timeout', `found ${values.timeout}, ${wanted}`);
	}
	if (values.enableAuthInHeader && Object.values(credentialsOf(values)).every((value) => value === '')) {
		wrong('enableAuthInHeader', 'found true and no credential, wanted one in the config file or environment');
	}
	judgeTactics(values, given.get('reserved'), mistakes);
	judgeSandbox(values, given.get('egress'), mistakes);
}
