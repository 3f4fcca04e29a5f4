import fs from 'node:fs';
import path from 'node:path';
import { type Mistake, valueMistake } from './config-error.ts';
import type { GivenValue } from './given-value.ts';
import { nearestName } from './nearest-name.ts';
import { type FieldKey, RUN_KEYS } from './schema.ts';
import { addStrategyConfig, STRATEGY_KEY } from './strategy-config.ts';

/** The config file that is read from the function's folder where no other is named. */
export const CONFIG_FILE_NAME = 'httpfn.json';

/** Editors look for it; it says nothing about the function. */
const SCHEMA_KEY = '$schema';

export interface ConfigFile {
	readonly path: string;
	readonly values: ReadonlyMap<FieldKey, GivenValue>;
}

/** Reads a JSON config file. Null where the file is not there and nobody asked for it by name. */
export function readConfigFile(
	file: string,
	required: string | null,
	mistakes: Mistake[],
): ConfigFile | null {
	let text: string;
	try {
		text = fs.readFileSync(file, 'utf8');
	} catch (error) {
		const { code = 'unreadable' } = error as NodeJS.ErrnoException;
		// A function folder that is no folder is judged, and named, by whoever starts the function.
		if (required === null && (code === 'ENOENT' || code === 'ENOTDIR')) return null;
		const source = required ?? CONFIG_FILE_NAME;
		mistakes.push(valueMistake(source, `cannot read ${JSON.stringify(file)} (${code}), wanted a JSON file`));
		return null;
	}
	const label = required === null ? CONFIG_FILE_NAME : file;
	return { path: file, values: readValues(label, path.dirname(file), text, mistakes) };
}

function readValues(
	label: string,
	folder: string,
	text: string,
	mistakes: Mistake[],
): Map<FieldKey, GivenValue> {
	const values = new Map<FieldKey, GivenValue>();
	let parsed: unknown;
	try {
		parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
	} catch (error) {
		mistakes.push(valueMistake(label, `found text that is not JSON (${(error as Error).message})`));
		return values;
	}
	if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
		mistakes.push(valueMistake(label, `found ${JSON.stringify(parsed)?.slice(0, 40)}, wanted a JSON object`));
		return values;
	}
	for (const [key, value] of Object.entries(parsed)) {
		if (key === SCHEMA_KEY || key === STRATEGY_KEY) continue;
		const known = RUN_KEYS.find((name) => name === key);
		if (known === undefined) {
			const nearest = nearestName(key.replaceAll(/[-_]/g, ''), RUN_KEYS);
			const hint = nearest === null ? `wanted one of ${RUN_KEYS.join(', ')}` : `nearest is ${nearest}`;
			mistakes.push(valueMistake(`${label}: ${key}`, `unknown key; ${hint}`));
		} else {
			values.set(known, { value, source: `${label}: ${key}`, folder });
		}
	}
	const strategy: unknown = Reflect.get(parsed, STRATEGY_KEY);
	if (strategy !== undefined) {
		addStrategyConfig({ value: strategy, source: `${label}: ${STRATEGY_KEY}`, folder }, values, mistakes);
	}
	return values;
}
