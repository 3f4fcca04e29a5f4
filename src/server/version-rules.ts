/**
 * Rules of an alias: which requests get its additional version (documented: additional_version_strategy; header names in any case,
 * `in` is a list separated by commas).
 */
import type { JsonObject } from '../catalog/function-config.ts';

export interface VersionRules {
	/** The version that requests get for which the rules hold. */
	readonly version: string;
	/** `fieldLines`: the request's header, each line with CRLF. */
	holdFor(fieldLines: string): boolean;
}

interface Rule {
	readonly rule_type: string;
	readonly param: string;
	readonly op: string;
	readonly value: string;
}

/** As the control plane judged them. Null: there are none. */
export function versionRules(strategy: JsonObject | null): VersionRules | null {
	const [entry] = Object.entries(strategy ?? {});
	if (entry === undefined) return null;
	const [version, given] = entry;
	const { combine_type = 'and', rules } = given as unknown as {
		combine_type?: string;
		rules: readonly Rule[];
	};
	const tests = rules.map(testOf);
	return {
		version,
		holdFor: (fieldLines) => {
			const lines = fieldLines.split('\r\n');
			return combine_type === 'or' ? tests.some((test) => test(lines)) : tests.every((test) => test(lines));
		},
	};
}

function testOf({ rule_type, param, op, value }: Rule): (lines: readonly string[]) => boolean {
	const wanted = new Set(op === 'in' ? value.split(',').map((one) => one.trim()) : [value]);
	const valuesOf = rule_type.toLowerCase() === 'cookie' ? cookieValues : fieldValues;
	return (lines) => valuesOf(lines, param).some((found) => wanted.has(found));
}

function fieldValues(lines: readonly string[], name: string): string[] {
	const wanted = `${name.toLowerCase()}:`;
	return lines
		.filter((line) => line.slice(0, wanted.length).toLowerCase() === wanted)
		.map((line) => line.slice(wanted.length).trim());
}

function cookieValues(lines: readonly string[], name: string): string[] {
	const pairs = fieldValues(lines, 'cookie').flatMap((value) => value.split(';'));
	const start = `${name}=`;
	return pairs
		.map((pair) => pair.trim())
		.filter((pair) => pair.startsWith(start))
		.map((pair) => pair.slice(start.length));
}
