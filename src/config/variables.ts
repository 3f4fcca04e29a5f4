import { type Mistake, valueMistake } from './config-error.ts';
import { fieldFromText } from './field-text.ts';
import type { GivenValue } from './given-value.ts';
import { nearestName } from './nearest-name.ts';
import { FIELD_KEYS, FIELDS, type FieldKey } from './schema.ts';
import { TRUSTED_KEY_VARIABLE } from './trusted-keys.ts';

const PREFIX = 'HTTPFN_';

/** Names the config file, as --config does. */
export const CONFIG_VARIABLE = 'HTTPFN_CONFIG';

/** Marks the processes of an instance; a function that runs httpfn itself has it too. */
const INSTANCE_VARIABLE = 'HTTPFN_INSTANCE';

/** Variables of httpfn that are no settings. */
const OTHERS: readonly string[] = [CONFIG_VARIABLE, INSTANCE_VARIABLE, TRUSTED_KEY_VARIABLE];

/** The settings among the variables of this process. An HTTPFN_ name that is no setting is a mistake. */
export function readVariables(
	environment: Readonly<Record<string, string>>,
	folder: string,
	mistakes: Mistake[],
): Map<FieldKey, GivenValue> {
	const keys = new Map<string, FieldKey>(FIELD_KEYS.map((key) => [FIELDS[key].variable, key]));
	const values = new Map<FieldKey, GivenValue>();
	for (const [name, text] of Object.entries(environment)) {
		if (!name.startsWith(PREFIX) || OTHERS.includes(name)) continue;
		const key = keys.get(name);
		if (key === undefined) {
			const nearest = nearestName(name, [...keys.keys(), CONFIG_VARIABLE]);
			const hint = nearest === null ? 'see httpfn help run' : `nearest is ${nearest}`;
			mistakes.push(valueMistake(name, `unknown variable; ${hint}`));
		} else {
			values.set(key, { value: fieldFromText(FIELDS[key], text), source: name, folder });
		}
	}
	return values;
}
