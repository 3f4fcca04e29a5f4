/** What bindings of policies to APIs have in common, whatever the kind. */
import type { PolicyBindingRecord } from '../../catalog/policy-records.ts';
import type { PolicyStore } from '../../catalog/policy-store.ts';
import { stageOf } from '../../catalog/trigger-stage.ts';
import { newGatewayId } from '../new-gateway-id.ts';
import type { Call } from '../operation.ts';
import { requireApi } from '../require-api.ts';
import { timeText } from '../time-text.ts';

/** APIs of one call (ours). */
export const BOUND_APIS_MAX = 100;

/** All or none. Throws ERR_…_NOT_FOUND, ERR_API_NOT_FOUND. */
export function bindPolicy<Content extends object>(
	call: Call,
	store: PolicyStore<Content>,
	policyId: string,
	apiIds: readonly string[],
): readonly PolicyBindingRecord[] {
	store.require(call.parameters.project_id ?? '', policyId);
	const distinct = [...new Set(apiIds)];
	for (const apiId of distinct) requireApi(call, apiId);
	return store.bind(distinct.map((apiId) => ({ id: newGatewayId(), policyId, apiId })));
}

/** The binding of an API, and its policy; none where no policy of this kind holds for it. Throws ERR_API_NOT_FOUND. */
export function boundTo<Content extends object>(call: Call, store: PolicyStore<Content>, apiId: string) {
	const { trigger } = requireApi(call, apiId);
	const policy = store.ofApi(apiId);
	if (policy === null) return [];
	return store.bindings({ apiId }).map((binding) => ({ policy, binding, stage: stageOf(trigger) }));
}

/** What every list of the APIs of a policy says of one. */
export function boundApi({ context }: Call, { apiId, createdMs }: PolicyBindingRecord) {
	const trigger = context.catalog.triggers.ofApi(apiId);
	const name = String(trigger?.eventData.name ?? '');
	return {
		id: apiId,
		api_id: apiId,
		publish_id: apiId,
		name,
		api_name: name,
		group_id: trigger?.groupId,
		group_name: String(trigger?.eventData.group_name ?? ''),
		req_uri: trigger?.path,
		auth_type: trigger?.auth,
		apply_time: timeText(createdMs),
		bind_time: timeText(createdMs),
	};
}
