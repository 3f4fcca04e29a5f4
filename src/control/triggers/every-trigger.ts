import { setImmediate as turn } from 'node:timers/promises';
import type { Catalog } from '../../catalog/catalog.ts';
import type { FunctionRecord, TriggerRecord } from '../../catalog/records.ts';

export interface OwnedTrigger {
	readonly owner: FunctionRecord;
	readonly trigger: TriggerRecord;
}

/** The triggers of all functions of a project. Group by group; between them whatever else the process has to do gets its turn. */
export async function everyTrigger(
	{ functions, triggers }: Pick<Catalog, 'functions' | 'triggers'>,
	project: string,
): Promise<readonly OwnedTrigger[]> {
	const owners = new Map<number, FunctionRecord | null>();
	const found: OwnedTrigger[] = [];
	for (const group of triggers.groups(project)) {
		for (const trigger of triggers.ofGroup(group)) {
			const { functionId } = trigger;
			const owner = owners.get(functionId) ?? functions.byId(functionId);
			owners.set(functionId, owner);
			if (owner?.project === project) found.push({ owner, trigger });
		}
		await turn();
	}
	return found;
}
