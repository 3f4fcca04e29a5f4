/** Values of an alias that shapes do not tell (documented: which there may be). */
import type { AliasSettings } from '../../catalog/alias-store.ts';
import type { JsonObject } from '../../catalog/function-config.ts';
import { RuntimeError } from '../../contract/errors.ts';
import type { AliasBody } from './alias-schemas.ts';

/** Characters of a name and of a description (documented). */
const NAME = /^[A-Za-z](?:[\w-]{0,61}[A-Za-z0-9])?$/;
const DESCRIPTION_CHARS_MAX = 512;
const RULES_MAX = 100;

/** Throws ERR_ALIAS_INVALID. */
export function judgeAliasName(name: string): void {
	if (NAME.test(name)) return;
	const wanted =
		'1 to 63 letters, digits, "_" or "-", beginning with a letter and ending with a letter or digit';
	throw new RuntimeError('ERR_ALIAS_INVALID', `name: found ${JSON.stringify(name)}, wanted ${wanted}`);
}

/** Throws ERR_ALIAS_INVALID, ERR_ALIAS_WEIGHT_INVALID, ERR_ALIAS_VERSIONS_SAME, ERR_DESCRIPTION_INVALID. */
export function judgeAlias(before: AliasSettings, body: AliasBody): AliasSettings {
	const version = body.version ?? before.version;
	const description = body.description ?? before.description;
	if (description.length > DESCRIPTION_CHARS_MAX) {
		const found = `description: found ${description.length} characters`;
		throw new RuntimeError('ERR_DESCRIPTION_INVALID', `${found}, wanted at most ${DESCRIPTION_CHARS_MAX}`);
	}
	const { additional_version_weights: weights, additional_version_strategy: strategy } = body;
	if (weights === undefined && strategy === undefined) return { ...before, version, description };
	const settings = { version, description, weights: emptyAsNull(weights), strategy: emptyAsNull(strategy) };
	if (settings.weights !== null) judgeWeights(version, settings.weights);
	if (settings.strategy !== null) judgeStrategy(version, settings.strategy);
	return { ...settings, strategy: settings.strategy as JsonObject | null };
}

type Weights = NonNullable<AliasBody['additional_version_weights']>;
type Strategy = NonNullable<AliasBody['additional_version_strategy']>;

function judgeWeights(version: string, weights: Weights): void {
	for (const [additional, percent] of Object.entries(weights)) {
		judgeDifferent(version, additional);
		if (percent >= 0 && percent <= 100) continue;
		const message = `additional_version_weights.${additional}: found ${percent}, wanted a percentage from 0 to 100`;
		throw new RuntimeError('ERR_ALIAS_WEIGHT_INVALID', message);
	}
	judgeOne(weights);
}

function judgeStrategy(version: string, strategy: Strategy): void {
	for (const [additional, { combine_type = 'and', rules }] of Object.entries(strategy)) {
		judgeDifferent(version, additional);
		judgeWord('combine_type', combine_type, ['and', 'or']);
		if (rules.length === 0 || rules.length > RULES_MAX) {
			throw new RuntimeError('ERR_ALIAS_INVALID', `rules: found ${rules.length}, wanted 1 to ${RULES_MAX}`);
		}
		for (const { rule_type, op } of rules) {
			judgeWord('rule_type', rule_type.toLowerCase(), ['header', 'cookie']);
			judgeWord('op', op, ['in', '=']);
		}
	}
	judgeOne(strategy);
}

function judgeDifferent(version: string, additional: string): void {
	if (additional !== version) return;
	const message = `the additional version is ${additional}, as the main one is: wanted another`;
	throw new RuntimeError('ERR_ALIAS_VERSIONS_SAME', message);
}

function judgeOne(additional: object): void {
	const count = Object.keys(additional).length;
	if (count <= 1) return;
	throw new RuntimeError('ERR_ALIAS_INVALID', `found ${count} additional versions, wanted one`);
}

function judgeWord(name: string, found: string, wanted: readonly string[]): void {
	if (wanted.includes(found)) return;
	throw new RuntimeError(
		'ERR_ALIAS_INVALID',
		`${name}: found ${JSON.stringify(found)}, wanted ${wanted.join(' or ')}`,
	);
}

function emptyAsNull<Value extends object>(value: Value | null | undefined): Value | null {
	return value === null || value === undefined || Object.keys(value).length === 0 ? null : value;
}
