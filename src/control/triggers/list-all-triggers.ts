import * as z from 'zod/mini';
import type { Answer, Call } from '../operation.ts';
import { type PageQuery, pageFields, pageInfo, pageOf } from '../paging/page.ts';
import { urnOf } from '../urn-of.ts';
import { everyTrigger } from './every-trigger.ts';
import { triggerAnswer } from './trigger-answer.ts';
import { triggerSchema } from './trigger-schemas.ts';

export function listTriggersQuery() {
	return z.looseObject({ ...pageFields(), trigger_type: z.optional(z.string()) });
}

export function triggerPageSchema() {
	const entry = z.extend(triggerSchema(), { func_urn: z.string() });
	return z.object({ triggers: z.array(entry), next_marker: z.number(), count: z.number() });
}

export async function listAllTriggers({ context, parameters, query: given }: Call): Promise<Answer> {
	const query = given as PageQuery & { readonly trigger_type?: string };
	const all = await everyTrigger(context.catalog, parameters.project_id ?? '');
	const { trigger_type: type } = query;
	const found = all.filter(({ trigger }) => type === undefined || type === trigger.type);
	const page = pageOf(query);
	const entries = found.slice(page.from, page.to).map(({ owner, trigger }) => {
		const func_urn = urnOf(context, owner, trigger.qualifier);
		return { ...triggerAnswer(context, owner, trigger), func_urn };
	});
	const { next_marker } = pageInfo(page, found.length);
	return { body: { triggers: entries, next_marker, count: found.length } };
}
