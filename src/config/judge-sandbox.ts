import { checkEgress } from '../isolation/check-egress.ts';
import { type Mistake, valueMistake } from './config-error.ts';
import { egressSettings } from './egress-settings.ts';
import type { GivenValue } from './given-value.ts';
import type { SettingValues } from './schema.ts';

const SPELLINGS = [
	['publicSource', 'public_source'],
	['disablePublicNetwork', 'disable_public_network'],
] as const;

/** Rules for the entries of `egress`, and between its parts. */
export function judgeSandbox(
	{ egress }: SettingValues,
	given: GivenValue | undefined,
	mistakes: Mistake[],
): void {
	const source = given?.source ?? 'egress';
	const position = given?.locate?.([]).position;
	if (typeof egress === 'object') {
		for (const [ours, platform] of SPELLINGS) {
			if (egress[ours] === undefined || egress[platform] === undefined) continue;
			mistakes.push(valueMistake(source, `found both ${ours} and ${platform}, wanted one of them`, position));
		}
	}
	for (const problem of checkEgress(egressSettings(egress))) {
		mistakes.push(valueMistake(source, problem, position));
	}
}
