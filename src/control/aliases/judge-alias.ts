/** Values of an alias that shapes do not tell (documented: which there may be). */
import type { AliasSettings } from '../../catalog/alias-store.ts';
import type { JsonObject } from '../../catalog/function-config.ts';
import { kindOf } from '../../contract/kind-of.ts';
import { judgeDescription } from '../models/judge-description.ts';
import type { Mistakes } from '../models/mistakes.ts';
import type { AliasBody } from './alias-schemas.ts';

/** Characters of a name (documented). */
const NAME = /^[A-Za-z](?:[\w-]{0,61}[A-Za-z0-9])?$/;
/** Rules of an alias (ours). */
const RULES_MAX = 100;

/** Adds ERR_ALIAS_INVALID. */
export function judgeAliasName(name: string, mistakes: Mistakes): void {
	if (NAME.test(name)) return;
	const rule =
		'1 to 63 letters, digits, "_" or "-", beginning with a letter and ending with a letter or digit';
	mistakes.add('ERR_ALIAS_INVALID', `name: found ${kindOf(name)}, wanted ${rule}`);
}

/**
 * What `body` does not name stays; weights and rules are named together (documented: one of the two). The answer is of use where no
 * mistakes were added: ERR_ALIAS_INVALID, ERR_ALIAS_WEIGHT_INVALID, ERR_ALIAS_VERSIONS_SAME, ERR_DESCRIPTION_INVALID.
 */
export function judgeAlias(before: AliasSettings, body: AliasBody, mistakes: Mistakes): AliasSettings {
	const { additional_version_weights: weights, additional_version_strategy: strategy } = body;
	const additional =
		weights === undefined && strategy === undefined
			? { weights: before.weights, strategy: before.strategy as Strategy | null }
			: { weights: emptyAsNull(weights), strategy: emptyAsNull(strategy) };
	const version = body.version ?? before.version;
	const description = body.description ?? before.description;
	judgeDescription(description, mistakes);
	judgeWeights(additional.weights ?? {}, mistakes);
	judgeStrategy(additional.strategy ?? {}, mistakes);
	judgeAdditional(version, additional.weights ?? {}, additional.strategy ?? {}, mistakes);
	return {
		version,
		description,
		weights: additional.weights,
		strategy: additional.strategy as JsonObject | null,
	};
}

type Strategy = NonNullable<AliasBody['additional_version_strategy']>;

function judgeWeights(weights: Readonly<Record<string, number>>, mistakes: Mistakes): void {
	for (const [version, percent] of Object.entries(weights)) {
		if (percent >= 0 && percent <= 100) continue;
		const found = `additional_version_weights: found ${percent} for ${kindOf(version)}`;
		mistakes.add('ERR_ALIAS_WEIGHT_INVALID', `${found}, wanted a percentage from 0 to 100`);
	}
}

function judgeStrategy(strategy: Strategy, mistakes: Mistakes): void {
	const judgeWord = (name: string, found: string, wanted: readonly string[]) => {
		if (wanted.includes(found)) return;
		mistakes.add('ERR_ALIAS_INVALID', `${name}: found ${kindOf(found)}, wanted ${wanted.join(' or ')}`);
	};
	for (const { combine_type = 'and', rules } of Object.values(strategy)) {
		judgeWord('combine_type', combine_type, ['and', 'or']);
		if (rules.length === 0 || rules.length > RULES_MAX) {
			mistakes.add('ERR_ALIAS_INVALID', `rules: found ${rules.length}, wanted 1 to ${RULES_MAX}`);
		}
		for (const { rule_type, op } of rules) {
			judgeWord('rule_type', rule_type.toLowerCase(), ['header', 'cookie']);
			judgeWord('op', op, ['in', '=']);
		}
	}
}

/** One version beside the main one, and one way to choose it (documented). */
function judgeAdditional(version: string, weights: object, strategy: object, mistakes: Mistakes): void {
	const chosen = [...Object.keys(weights), ...Object.keys(strategy)];
	if (chosen.includes(version)) {
		const found = `the additional version is ${kindOf(version)}, as the main one is`;
		mistakes.add('ERR_ALIAS_VERSIONS_SAME', `${found}: wanted another`);
	}
	if (chosen.length <= 1) return;
	const found = `additional versions: found ${chosen.length}`;
	mistakes.add('ERR_ALIAS_INVALID', `${found}, wanted one, by weight or by rules`);
}

function emptyAsNull<Value extends object>(value: Value | null | undefined): Value | null {
	return value === null || value === undefined || Object.keys(value).length === 0 ? null : value;
}
