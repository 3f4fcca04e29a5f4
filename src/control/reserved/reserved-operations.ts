/** Instances that are kept ready for a version or an alias. */
import * as z from 'zod/mini';
import type { JsonObject } from '../../catalog/function-config.ts';
import type { ReservedRecord } from '../../catalog/records.ts';
import { findFunction } from '../find-function.ts';
import type { Answer, Call, Operation } from '../operation.ts';
import { type PageQuery, pageFields, pageInfo, pageOf } from '../paging/page.ts';
import { urnOf } from '../urn-of.ts';
import {
	type ReservedBody,
	reservedAnswerSchema,
	reservedBodySchema,
	reservedConfigsSchema,
	reservedListSchema,
} from './reserved-schemas.ts';

export const RESERVED_OPERATIONS: readonly Operation[] = [
	{
		id: 'updateFunctionReservedInstancesCount',
		method: 'PUT',
		path: '/v2/{project_id}/fgs/functions/{function_urn}/reservedinstances',
		summary: 'Set how many instances of a version or an alias are kept ready; 0 and no tactics: none.',
		right: 'deploy',
		body: reservedBodySchema,
		answer: { status: 200, schema: reservedAnswerSchema },
		run: update,
	},
	{
		id: 'listReservedInstanceConfigs',
		method: 'GET',
		path: '/v2/{project_id}/fgs/functions/reservedinstanceconfigs',
		summary: 'List what is reserved, with its rules.',
		right: 'read',
		query: () => z.looseObject({ ...pageFields(), function_urn: z.optional(z.string()) }),
		answer: { status: 200, schema: reservedConfigsSchema },
		run: listConfigs,
	},
	{
		id: 'listFunctionReservedInstances',
		method: 'GET',
		path: '/v2/{project_id}/fgs/functions/reservedinstances',
		summary: 'List how many instances are reserved.',
		right: 'read',
		query: () => z.looseObject({ ...pageFields(), urn: z.optional(z.string()) }),
		answer: { status: 200, schema: reservedListSchema },
		run: listCounts,
	},
];

/** Throws as findFunction, ERR_VERSION_NOT_FOUND, ERR_ALIAS_NOT_FOUND. */
function update(call: Call): Answer {
	const { record, qualifier } = findFunction(call);
	const { count, idle_mode: idleMode = false, tactics_config: given } = call.body as ReservedBody;
	const used = [given?.cron_configs, given?.metric_configs].some((rules) => (rules ?? []).length > 0);
	const tactics = used ? (given as JsonObject) : null;
	call.context.catalog.extras.setReserved({ functionId: record.id, qualifier, count, idleMode, tactics });
	const told = tactics === null ? {} : { tactics_config: tactics };
	return { body: { count, idle_mode: idleMode, ...told } };
}

function listConfigs(call: Call): Answer {
	const { page, entries, count } = reservedPage(call, 'function_urn');
	const configs = entries.map(({ owner, reserved }) => {
		const { qualifier, count: min_count, idleMode, tactics } = reserved;
		const alias = qualifier.startsWith('!');
		return {
			function_urn: urnOf(call.context, owner, 'latest'),
			qualifier_type: alias ? 'alias' : 'version',
			qualifier_name: alias ? qualifier.slice(1) : qualifier,
			min_count,
			idle_mode: idleMode,
			tactics_config: tactics ?? {},
		};
	});
	return { body: { reserved_instances: configs, page_info: pageInfo(page, count), count } };
}

function listCounts(call: Call): Answer {
	const { page, entries, count } = reservedPage(call, 'urn');
	const counts = entries.map(({ owner, reserved }) => ({
		func_urn: urnOf(call.context, owner, reserved.qualifier),
		count: reserved.count,
	}));
	return { body: { reservedinstances: counts, page_info: pageInfo(page, count), count } };
}

/** Of one function, or of one of its versions or aliases, where the query has its URN. */
function reservedPage(call: Call, urnName: 'function_urn' | 'urn') {
	const { context, parameters } = call;
	const query = call.query as PageQuery & { readonly function_urn?: string; readonly urn?: string };
	const { project_id: project = '' } = parameters;
	const { extras, functions } = context.catalog;
	const urn = query[urnName];
	const page = pageOf(query);
	const named = urn === undefined ? null : reservedBy(call, project, urn);
	const shown = named?.slice(page.from, page.to) ?? extras.reservedOfProject(project, page);
	const entries = shown.map((reserved) => ({ owner: functions.require(reserved.functionId), reserved }));
	return { page, entries, count: named?.length ?? extras.reservedTotal(project).records };
}

function reservedBy({ context }: Call, project: string, urn: string): readonly ReservedRecord[] {
	const parameters = { project_id: project, function_urn: urn };
	const { record, qualifier } = findFunction({ context, parameters });
	const all = context.catalog.extras.reservedOf(record.id);
	return qualifier === 'latest' ? all : all.filter((reserved) => reserved.qualifier === qualifier);
}
