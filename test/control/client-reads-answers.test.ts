/** The platform's own client library against triggers, tags, reserved instances, test events, statistics and logs. */
import { Buffer } from 'node:buffer';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import * as fgs from '@huaweicloud/huaweicloud-sdk-functiongraph';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationsBed, PROJECT } from '../harness/operations-bed.ts';

const test = suite('client reads answers');

const URN = 'urn:fss:cn:p1:function:default:hello';
const JSON_TYPE = 'application/json';

/** The library answers the JSON as it came; its models are how programs read it. */
function read<Model extends object>(model: Model, answer: unknown): Model {
	return Object.assign(model, answer);
}

async function withClient(
	run: (client: fgs.FunctionGraphClient, bed: OperationsBed, id: number) => Promise<void>,
): Promise<void> {
	const bed = await OperationsBed.open();
	try {
		const { id } = bed.makeFunction('hello');
		const credentials = new BasicCredentials().withAk('ak').withSk('sk').withProjectId(PROJECT);
		const builder = fgs.FunctionGraphClient.newBuilder().withCredential(credentials);
		await run(builder.withEndpoint(bed.url).build() as fgs.FunctionGraphClient, bed, id);
	} finally {
		await bed.close();
	}
}

test("A-93: the platform's client makes, reads, changes and deletes triggers with its own models", () =>
	withClient(async (client) => {
		const { APIG } = fgs.CreateFunctionTriggerRequestBodyTriggerTypeCodeEnum;
		const data = new fgs.TriggerEventDataRequestBody()
			.withPath('/hello')
			.withAuth(fgs.TriggerEventDataRequestBodyAuthEnum.NONE)
			.withReqMethod(fgs.TriggerEventDataRequestBodyReqMethodEnum.GET)
			.withFuncInfo(new fgs.ApigTriggerFuncInfo().withTimeout(5000));
		const body = new fgs.CreateFunctionTriggerRequestBody(APIG, data);
		const make = new fgs.CreateFunctionTriggerRequest(URN, JSON_TYPE).withBody(body);
		const answer = await client.createFunctionTrigger(make);
		const made = read(new fgs.CreateFunctionTriggerResponse(), answer);
		assert.is(answer.httpStatusCode, 201);
		assert.is(made.triggerTypeCode, 'APIG');
		assert.ok(Number.isFinite(new Date(String(made.createdTime)).getTime()));
		const id = made.triggerId ?? '';
		const list = await client.listFunctionTriggers(new fgs.ListFunctionTriggersRequest(URN, JSON_TYPE));
		const [first] = list as unknown as readonly object[];
		assert.is(read(new fgs.ListFunctionTriggerResult(), first).triggerId, id);
		const show = new fgs.ShowFunctionTriggerRequest(URN, 'APIG', id, JSON_TYPE);
		const shown = read(new fgs.ShowFunctionTriggerResponse(), await client.showFunctionTrigger(show));
		const event = read(new fgs.TriggerEventDataResponseBody(), shown.eventData);
		assert.is(event.invokeUrl, `http://${event.groupId}.localhost:8080/hello`);
		const change = new fgs.UpdateTriggerRequestBody()
			.withTriggerStatus(fgs.UpdateTriggerRequestBodyTriggerStatusEnum.DISABLED)
			.withEventData([new fgs.UpdateriggerEventData().withPollingInterval(7)]);
		const update = new fgs.UpdateTriggerRequest(URN, 'APIG', id, JSON_TYPE).withBody(change);
		const updated = read(new fgs.UpdateTriggerResponse(), await client.updateTrigger(update));
		assert.is(updated.triggerStatus, 'DISABLED');
		const remove = new fgs.DeleteFunctionTriggerRequest(URN, 'APIG', id, JSON_TYPE);
		assert.is((await client.deleteFunctionTrigger(remove)).httpStatusCode, 204);
		const failure = await client.showFunctionTrigger(show).then(
			() => null,
			(error: { readonly httpStatusCode: number; readonly errorCode: string }) => error,
		);
		assert.is(failure?.httpStatusCode, 404);
		assert.is(failure?.errorCode, 'FSS.1131');
		const all = new fgs.BatchDeleteFunctionTriggersRequest(URN, JSON_TYPE);
		assert.is((await client.batchDeleteFunctionTriggers(all)).httpStatusCode, 204);
	}));

test("A-94: the platform's client reads tags, reserved instances, test events, statistics, quotas and log groups", () =>
	withClient(async (client, bed, id) => {
		const tags = new fgs.UpdateFunctionTagsRequestBody().withTags([
			new fgs.KvItem().withKey('team').withValue('red'),
		]);
		const add = new fgs.CreateTagsRequest('functions', URN, JSON_TYPE).withBody(tags);
		assert.is((await client.createTags(add)).httpStatusCode, 204);
		const told = await client.listFunctionTags(new fgs.ListFunctionTagsRequest('functions', URN, JSON_TYPE));
		assert.equal(told.tags, [{ key: 'team', value: 'red' }]);
		const found = await client.showProjectTagsList(
			new fgs.ShowProjectTagsListRequest('functions', JSON_TYPE),
		);
		assert.equal(found.tags, [{ key: 'team', values: ['red'] }]);
		const take = new fgs.DeleteTagsRequest('functions', URN, JSON_TYPE).withBody(tags);
		assert.is((await client.deleteTags(take)).httpStatusCode, 204);

		const count = new fgs.UpdateFunctionReservedInstancesCountRequestBody(2).withIdleMode(true);
		const reserve = new fgs.UpdateFunctionReservedInstancesCountRequest(`${URN}:latest`, JSON_TYPE);
		const reserved = await client.updateFunctionReservedInstancesCount(reserve.withBody(count));
		const holding = read(new fgs.UpdateFunctionReservedInstancesCountResponse(), reserved);
		assert.is(holding.count, 2);
		assert.is(holding.idleMode, true);
		const listed = await client.listReservedInstanceConfigs(
			new fgs.ListReservedInstanceConfigsRequest(JSON_TYPE).withFunctionUrn(URN),
		);
		const configs = read(new fgs.ListReservedInstanceConfigsResponse(), listed);
		assert.is(configs.count, 1);
		const config = read(new fgs.ReservedInstanceConfigs(), configs.reservedInstances?.[0]);
		assert.is(config.minCount, 2);
		assert.is(config.qualifierName, 'latest');

		const event = new fgs.CreateEventRequestBody('first', Buffer.from('{}').toString('base64'));
		const keep = new fgs.CreateEventRequest(URN, JSON_TYPE).withBody(event);
		const kept = read(new fgs.CreateEventResponse(), await client.createEvent(keep));
		const events = await client.listEvents(new fgs.ListEventsRequest(URN, JSON_TYPE));
		assert.is(events.count, 1);
		const show = new fgs.ShowEventRequest(URN, JSON_TYPE, kept.id);
		const one = read(new fgs.ShowEventResponse(), await client.showEvent(show));
		assert.is(one.name, 'first');
		assert.is(one.content, event.content);

		const minuteMs = Math.floor(bed.nowMs / 60_000) * 60_000;
		bed.catalog.extras.addStatistics([
			{
				functionId: id,
				minuteMs,
				count: 3,
				failCount: 0,
				functionErrorCount: 0,
				systemErrorCount: 0,
				rejectCount: 0,
				durationMs: 9,
				durationMsMax: 4,
				durationMsMin: 2,
				concurrencyMax: 1,
				instancesMax: 1,
			},
		]);
		const ask = new fgs.ListFunctionStatisticsRequest(URN, '5', JSON_TYPE);
		const answer = await client.listFunctionStatistics(ask);
		const statistics = read(new fgs.ListFunctionStatisticsResponse(), answer);
		assert.equal(statistics.count?.at(-1), { timestamp: minuteMs, value: 3 });
		assert.equal(statistics.maxDuration?.at(-1)?.value, 4);
		const quotas = await client.listQuotas(new fgs.ListQuotasRequest(JSON_TYPE));
		assert.ok(quotas.quotas?.resources?.some(({ type, used }) => type === 'fgs_func_num' && used === 1));
		const details = await client.showLtsLogDetails(new fgs.ShowLtsLogDetailsRequest(URN, JSON_TYPE));
		const logs = read(new fgs.ShowLtsLogDetailsResponse(), details);
		assert.is(logs.groupName, 'httpfn');
	}));

test.run();
