/** What a client sends of an alias, and what it gets (documented: API reference, "Version Alias"). */
import * as z from 'zod/mini';

const text = () => z.optional(z.nullable(z.string()));

function rulesSchema() {
	const rule = z.looseObject({ rule_type: z.string(), param: z.string(), op: z.string(), value: z.string() });
	return z.looseObject({ combine_type: z.optional(z.string()), rules: z.array(rule) });
}

function fields() {
	return {
		description: text(),
		additional_version_weights: z.optional(z.nullable(z.record(z.string(), z.number()))),
		additional_version_strategy: z.optional(z.nullable(z.record(z.string(), rulesSchema()))),
	};
}

export function createAliasSchema() {
	return z.looseObject({ name: z.string(), version: z.string(), ...fields() });
}

/** What is left out of description and version stays; weights and rules are replaced together (documented: one of the two). */
export function updateAliasSchema() {
	return z.looseObject({ version: text(), ...fields() });
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
