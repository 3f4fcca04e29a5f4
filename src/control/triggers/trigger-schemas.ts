/**
 * What a client sends of a trigger, and what it gets (documented: API reference, "Function Triggers"). Only shapes are judged here:
 * what fits the type of a trigger is judge-event-data's.
 */
import * as z from 'zod/mini';
import { TRIGGER_TYPES } from '../../catalog/records.ts';

const text = () => z.optional(z.string());

function eventDataSchema() {
	return z.looseObject({
		name: text(),
		type: z.optional(z.number()),
		path: text(),
		protocol: text(),
		req_method: text(),
		group_id: text(),
		group_name: text(),
		match_mode: text(),
		env_name: text(),
		env_id: text(),
		auth: text(),
		authorizer_id: text(),
		backend_type: text(),
		sl_domain: text(),
		instance_id: text(),
		roma_app_id: text(),
		func_info: z.optional(
			z.looseObject({
				function_urn: text(),
				invocation_type: text(),
				timeout: z.optional(z.number()),
				version: text(),
			}),
		),
	});
}

export function createTriggerSchema() {
	return z.looseObject({
		trigger_type_code: z.string(),
		trigger_status: z.optional(statusSchema()),
		event_type_code: text(),
		event_data: eventDataSchema(),
	});
}

/** Terraform sends event_data as an object, the SDK as a list of them. */
export function updateTriggerSchema() {
	return z.looseObject({
		trigger_status: z.optional(statusSchema()),
		event_data: z.optional(z.union([eventDataSchema(), z.array(eventDataSchema())])),
	});
}

export function triggerSchema() {
	return z.object({
		trigger_id: z.string(),
		trigger_type_code: z.enum(TRIGGER_TYPES),
		trigger_status: statusSchema(),
		event_data: eventDataSchema(),
		created_time: z.string(),
		last_updated_time: z.string(),
	});
}

function statusSchema() {
	return z.enum(['ACTIVE', 'DISABLED']);
}

export type CreateTriggerBody = z.output<ReturnType<typeof createTriggerSchema>>;
export type UpdateTriggerBody = z.output<ReturnType<typeof updateTriggerSchema>>;
export type EventDataBody = z.output<ReturnType<typeof eventDataSchema>>;
