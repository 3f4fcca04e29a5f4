/** A trigger as clients see it (documented: list entries and single triggers have one shape). */
import type { FunctionRecord, TriggerRecord } from '../../catalog/records.ts';
import type { ControlContext } from '../control-context.ts';
import { timeText } from '../time-text.ts';
import { urnOf } from '../urn-of.ts';

/** `invoke_url` really answers, from this machine: names below `localhost` are its own (RFC 6761). */
export function triggerAnswer(
	context: ControlContext,
	owner: FunctionRecord,
	trigger: TriggerRecord,
): object {
	const { eventData, qualifier: version } = trigger;
	const urn = urnOf(context, owner, version);
	const info = eventData.func_info as object;
	return {
		trigger_id: trigger.id,
		trigger_type_code: trigger.type,
		trigger_status: trigger.status,
		event_data: {
			...eventData,
			func_info: { ...info, function_urn: urn, version },
			invoke_url: `${groupOrigin(context, trigger.groupId)}${trigger.path}`,
		},
		created_time: timeText(trigger.createdMs),
		last_updated_time: timeText(trigger.modifiedMs),
	};
}

function groupOrigin(context: ControlContext, groupId: string): string {
	const { protocol, port } = new URL(context.gatewayUrl());
	return `${protocol}//${groupId}.localhost${port === '' ? '' : `:${port}`}`;
}
