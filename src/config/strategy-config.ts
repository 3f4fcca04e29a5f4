import { type Mistake, valueMistake } from './config-error.ts';
import type { GivenValue } from './given-value.ts';
import type { FieldKey } from './schema.ts';

/** The platform's own way to write two settings, which files may use as well. */
export const STRATEGY_KEY = 'strategy_config';

const KEYS: ReadonlyMap<string, FieldKey> = new Map([
	['concurrency', 'concurrency'],
	['concurrent_num', 'concurrentNum'],
]);

/** Adds what `strategy_config` holds to the settings beside it. The same setting in both is a mistake. */
export function addStrategyConfig(
	given: GivenValue,
	values: Map<FieldKey, GivenValue>,
	mistakes: Mistake[],
): void {
	const { value } = given;
	const wrong = (part: readonly string[], problem: string) => {
		const place = given.locate?.(part);
		const source = place?.source ?? [given.source, ...part].join('.');
		mistakes.push(valueMistake(source, problem, place?.position));
	};
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		wrong([], 'wanted an object of concurrency and concurrent_num');
		return;
	}
	for (const [name, entry] of Object.entries(value)) {
		const key = KEYS.get(name);
		const locate = given.locate;
		if (key === undefined) {
			wrong([name], `unknown key; wanted ${[...KEYS.keys()].join(' or ')}`);
		} else if (values.has(key)) {
			wrong([name], `found ${key} beside it, wanted one of the two`);
		} else {
			const source = locate?.([name]).source ?? `${given.source}.${name}`;
			const located =
				locate === undefined ? {} : { locate: (part: readonly PropertyKey[]) => locate([name, ...part]) };
			values.set(key, { value: entry, source, folder: given.folder, ...located });
		}
	}
}
