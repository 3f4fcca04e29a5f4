/** What there is room for, and what this server offers. */
import * as z from 'zod/mini';
import { TRIGGER_TYPES } from '../../catalog/records.ts';
import { LIMITS } from '../../contract/limits.ts';
import { QUOTAS } from '../functions/judge-quota.ts';
import type { Answer, Call, Operation } from '../operation.ts';

const MIB = 1024 * 1024;

export const QUOTA_OPERATIONS: readonly Operation[] = [
	{
		id: 'listQuotas',
		method: 'GET',
		path: '/v2/{project_id}/fgs/quotas',
		summary: 'List what is used, and what there may be.',
		right: 'read',
		answer: { status: 200, schema: quotasSchema },
		run: listQuotas,
	},
	{
		id: 'showFeature',
		method: 'GET',
		path: '/v2/{project_id}/fgs/feature',
		summary: 'Tell what this server can do (as the Terraform provider asks for it).',
		right: 'read',
		answer: { status: 200, schema: () => z.record(z.string(), z.boolean()) },
		run: () => ({ body: FEATURES }),
	},
	{
		id: 'listRuntimeTypes',
		method: 'GET',
		path: '/v2/{project_id}/fgs/runtimetypes',
		summary: 'List the runtimes that functions can have (as the Terraform provider asks for it).',
		right: 'read',
		answer: {
			status: 200,
			schema: () => z.array(z.object({ type: z.string(), display_name: z.string() })),
		},
		run: () => ({ body: RUNTIMES }),
	},
	{
		id: 'listTriggerTypes',
		method: 'GET',
		path: '/v2/{project_id}/fgs/triggertypes',
		summary: 'List the types that triggers can have (as the Terraform provider asks for it).',
		right: 'read',
		answer: { status: 200, schema: () => z.array(z.string()) },
		run: () => ({ body: TRIGGER_TYPES }),
	},
];

const FEATURES = {
	http_function: true,
	alias: true,
	reserved_instance: true,
	return_stream: true,
	async_invoke: false,
	custom_image: false,
	dependency: false,
	event_function: false,
	workflow: false,
};

const RUNTIMES = [
	{ type: 'http', display_name: 'HTTP' },
	{ type: 'Custom', display_name: 'Custom (a bootstrap that is a web server)' },
];

function quotasSchema() {
	const resource = z.object({
		quota: z.number(),
		used: z.number(),
		type: z.string(),
		unit: z.optional(z.string()),
	});
	return z.object({ quotas: z.object({ resources: z.array(resource) }) });
}

function listQuotas({ context, parameters }: Call): Answer {
	const { functions } = context.catalog;
	const { project_id: project = '' } = parameters;
	const idleSeconds = LIMITS.idleSecondsDefault;
	const resources = [
		{ type: 'fgs_func_scale_down_timeout', quota: idleSeconds, used: idleSeconds },
		{ type: 'fgs_func_num', quota: QUOTAS.functionsMax, used: functions.count(project) },
		{
			type: 'fgs_func_code_size',
			quota: QUOTAS.codeBytesMax / MIB,
			used: Math.ceil(functions.codeBytes(project) / MIB),
			unit: 'MB',
		},
		{ type: 'fgs_workflow_num', quota: 0, used: 0 },
	];
	return { body: { quotas: { resources } } };
}
