/** What a client sends of an alias, and what it gets (documented: API reference, "Version Alias"). */
import * as z from 'zod/mini';
import { optionalText, text, wanted } from '../models/fields.ts';
import { descriptionText } from '../models/judge-description.ts';

/** Only these are kept: how large an alias can get is known by them. */
function rulesSchema() {
	const rule = z.object({ rule_type: text(), param: text(), op: text(), value: text() }, wanted('an object'));
	return z.object(
		{ combine_type: z.optional(text()), rules: z.array(rule, wanted('a list')) },
		wanted('an object'),
	);
}

function fields() {
	const weight = z.number(wanted('a number'));
	const weights = z.record(text(), weight, wanted('an object of numbers by version'));
	const strategy = z.record(text(), rulesSchema(), wanted('an object of rules by version'));
	return {
		description: descriptionText(),
		additional_version_weights: z.optional(z.nullable(weights)),
		additional_version_strategy: z.optional(z.nullable(strategy)),
	};
}

export function createAliasSchema() {
	return z.looseObject({ name: text(), version: text(), ...fields() });
}

/** What is left out of description and version stays; weights and rules are replaced together (documented: one of the two). */
export function updateAliasSchema() {
	return z.looseObject({ version: optionalText(), ...fields() });
}

export type AliasBody = z.output<ReturnType<typeof updateAliasSchema>>;
export type CreateAliasBody = z.output<ReturnType<typeof createAliasSchema>>;

export function aliasSchema() {
	return z.object({
		name: z.string(),
		version: z.string(),
		description: z.string(),
		last_modified: z.string(),
		alias_urn: z.string(),
		additional_version_weights: z.nullable(z.record(z.string(), z.number())),
		additional_version_strategy: z.nullable(z.record(z.string(), rulesSchema())),
	});
}
