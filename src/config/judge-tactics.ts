import { checkCron } from '../pool/cron-tactics.ts';
import { type Mistake, valueMistake } from './config-error.ts';
import type { GivenValue } from './given-value.ts';
import { reservedInstances } from './reserved-instances.ts';
import type { SettingValues } from './schema.ts';

/** Rules between the parts of `reserved`: readable moments, a start before the end, each name once. */
export function judgeTactics(
	{ reserved }: SettingValues,
	given: GivenValue | undefined,
	mistakes: Mistake[],
): void {
	const names = new Set<string>();
	reservedInstances(reserved).tactics.forEach((tactic, index) => {
		const wrong = (key: string, problem: string) => {
			const place = given?.locate?.(['tactics', index, key]);
			const source = place?.source ?? `${given?.source ?? 'reserved'}.tactics[${index}].${key}`;
			mistakes.push(valueMistake(source, problem, place?.position));
		};
		const problem = checkCron(tactic.cron);
		if (problem !== null) {
			wrong('cron', `found ${JSON.stringify(tactic.cron)} (${problem}), wanted one such as 0 0 8 * * ?`);
		}
		if (tactic.startMs >= tactic.endMs) wrong('end', 'found no time after start, wanted a later one');
		if (names.has(tactic.name))
			wrong('name', `found ${JSON.stringify(tactic.name)} a second time, wanted each once`);
		names.add(tactic.name);
	});
}
