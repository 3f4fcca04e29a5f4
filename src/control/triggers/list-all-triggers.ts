import { setImmediate as turn } from 'node:timers/promises';
import * as z from 'zod/mini';
import type { FunctionRecord, TriggerRecord } from '../../catalog/records.ts';
import type { Answer, Call } from '../operation.ts';
import { type PageQuery, pageFields, pageInfo, pageOf } from '../paging/page.ts';
import { urnOf } from '../urn-of.ts';
import { triggerAnswer } from './trigger-answer.ts';
import { triggerSchema } from './trigger-schemas.ts';

export function listTriggersQuery() {
	return z.looseObject({ ...pageFields(), trigger_type: z.optional(z.string()) });
}

export function triggerPageSchema() {
	const entry = z.extend(triggerSchema(), { func_urn: z.string() });
	return z.object({ triggers: z.array(entry), next_marker: z.number(), count: z.number() });
}

/** Group by group; between them whatever else the process has to do gets its turn. */
export async function listAllTriggers(call: Call): Promise<Answer> {
	const { context, parameters } = call;
	const { functions, triggers } = context.catalog;
	const query = call.query as PageQuery & { readonly trigger_type?: string };
	const project = parameters.project_id ?? '';
	const owners = new Map<number, FunctionRecord | null>();
	const found: { readonly owner: FunctionRecord; readonly trigger: TriggerRecord }[] = [];
	for (const group of triggers.groups(project)) {
		for (const trigger of triggers.ofGroup(group)) {
			const { functionId, type } = trigger;
			if (query.trigger_type !== undefined && query.trigger_type !== type) continue;
			const owner = owners.get(functionId) ?? functions.byId(functionId);
			owners.set(functionId, owner);
			if (owner?.project === project) found.push({ owner, trigger });
		}
		await turn();
	}
	const page = pageOf(query);
	const entries = found.slice(page.from, page.to).map(({ owner, trigger }) => {
		const func_urn = urnOf(context, owner, trigger.qualifier);
		return { ...triggerAnswer(context, owner, trigger), func_urn };
	});
	const { next_marker } = pageInfo(page, found.length);
	return { body: { triggers: entries, next_marker, count: found.length } };
}
