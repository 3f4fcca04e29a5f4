/** The function's own variables, collected from every place that may hold some. */
import fs from 'node:fs';
import path from 'node:path';
import { checkEnvironment } from '../contract/environment.ts';
import { type Mistake, type Position, valueMistake } from './config-error.ts';
import { parseEnvFile } from './env-file.ts';
import type { GivenValue } from './given-value.ts';

interface Entry {
	readonly value: string;
	readonly source: string;
	readonly position?: Position | undefined;
}

/** A place of variables. Of several a later one replaces single names of an earlier one, not the whole of it. */
export type EnvironmentPlace =
	/** `env` of a config file, or HTTPFN_ENV. */
	| { readonly kind: 'object'; readonly given: GivenValue | undefined }
	/** `envFile`, wherever it was named. */
	| { readonly kind: 'file'; readonly given: GivenValue | undefined }
	/** Each `--env K=V`. */
	| { readonly kind: 'flags'; readonly texts: readonly string[] };

export function userEnvironment(
	places: readonly EnvironmentPlace[],
	mistakes: Mistake[],
): Record<string, string> {
	const entries = new Map<string, Entry>();
	for (const place of places) {
		switch (place.kind) {
			case 'object':
				addObject(entries, place.given);
				break;
			case 'file':
				addFile(entries, place.given, mistakes);
				break;
			case 'flags':
				addFlags(entries, place.texts, mistakes);
				break;
			default:
				place satisfies never;
		}
	}
	return judge(entries, mistakes);
}

/** The schema has judged the shape; what is no object of strings is skipped here. */
function addObject(entries: Map<string, Entry>, given: GivenValue | undefined): void {
	if (given === undefined || typeof given.value !== 'object' || given.value === null) return;
	for (const [name, value] of Object.entries(given.value)) {
		if (typeof value !== 'string') continue;
		const place = given.locate?.([name]);
		entries.set(name, { value, source: place?.source ?? given.source, position: place?.position });
	}
}

function addFile(entries: Map<string, Entry>, given: GivenValue | undefined, mistakes: Mistake[]): void {
	if (given === undefined || typeof given.value !== 'string' || given.value === '') return;
	const file = path.resolve(given.folder, given.value);
	let text: string;
	try {
		text = fs.readFileSync(file, 'utf8');
	} catch (error) {
		const { code = 'unreadable' } = error as NodeJS.ErrnoException;
		const problem = `cannot read ${JSON.stringify(file)} (${code}), wanted a file`;
		mistakes.push(valueMistake(given.source, problem, given.locate?.([]).position));
		return;
	}
	for (const [name, value] of parseEnvFile(given.value, text, mistakes)) {
		entries.set(name, { value, source: given.value });
	}
}

function addFlags(entries: Map<string, Entry>, flags: readonly string[], mistakes: Mistake[]): void {
	const seen = new Set<string>();
	for (const flag of flags) {
		const equals = flag.indexOf('=');
		const name = flag.slice(0, Math.max(equals, 0));
		if (name === '') {
			mistakes.push(valueMistake('--env', `found ${JSON.stringify(flag)}, wanted K=V`));
		} else if (seen.has(name)) {
			mistakes.push(valueMistake('--env', `found ${name} a second time, wanted each name once`));
		} else {
			seen.add(name);
			entries.set(name, { value: flag.slice(equals + 1), source: '--env' });
		}
	}
}

function judge(entries: ReadonlyMap<string, Entry>, mistakes: Mistake[]): Record<string, string> {
	const environment: Record<string, string> = {};
	let judged = 0;
	for (const [name, { value, source, position }] of entries) {
		const problems = checkEnvironment({ [name]: value });
		mistakes.push(...problems.map((problem) => valueMistake(source, problem, position)));
		judged += problems.length;
		// Assigning to __proto__ would set the prototype; the rule for names has refused it already.
		if (problems.length === 0) environment[name] = value;
	}
	if (judged === 0) {
		mistakes.push(...checkEnvironment(environment).map((problem) => valueMistake('env', problem)));
	}
	return environment;
}
