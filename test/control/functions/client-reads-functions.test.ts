/** The platform's own client library against functions, versions and aliases: its typed models read every answer. */
import { Buffer } from 'node:buffer';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import * as fgs from '@huaweicloud/huaweicloud-sdk-functiongraph';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationsBed, PROJECT } from '../../harness/operations-bed.ts';
import { zipOf } from '../../harness/zip-of.ts';

const test = suite<{ bed: OperationsBed; client: fgs.FunctionGraphClient }>('client reads functions');

const URN = `urn:fss:cn:${PROJECT}:function:default:hello`;

test.before.each(async (context) => {
	context.bed = await OperationsBed.open();
	const credentials = new BasicCredentials().withAk('ak').withSk('sk').withProjectId(PROJECT);
	const builder = fgs.FunctionGraphClient.newBuilder().withCredential(credentials);
	context.client = builder.withEndpoint(context.bed.url).build() as fgs.FunctionGraphClient;
	await context.client.createFunction(new fgs.CreateFunctionRequest().withBody(await bodyOf('hello')));
});
test.after.each(({ bed }) => bed.close());

/** The library answers the JSON as it came; its models are how programs read it. */
function read<Model extends object>(model: Model, answer: unknown): Model {
	return Object.assign(model, answer);
}

async function bodyOf(name: string): Promise<fgs.CreateFunctionRequestBody> {
	const { HTTP } = fgs.CreateFunctionRequestBodyRuntimeEnum;
	const file = (await zipOf({ bootstrap: 'true\n' })).toString('base64');
	return new fgs.CreateFunctionRequestBody(name, 'default', HTTP, 3, 'bootstrap', 128)
		.withCodeType(fgs.CreateFunctionRequestBodyCodeTypeEnum.ZIP)
		.withFuncCode(new fgs.FuncCode().withFile(file));
}

test("A-22: the platform's client reads the list, the configuration and the code of functions", async ({
	client,
}) => {
	const listed = read(
		new fgs.ListFunctionsResponse(),
		await client.listFunctions(new fgs.ListFunctionsRequest().withMaxitems('10')),
	);
	assert.equal([listed.count, listed.nextMarker], [1, 0]);
	const first = read(new fgs.ListFunctionResult(), listed.functions?.[0]);
	assert.equal([first.funcName, first.funcUrn, first.cpu], ['hello', `${URN}:latest`, 300]);
	const config = read(
		new fgs.ShowFunctionConfigResponse(),
		await client.showFunctionConfig(new fgs.ShowFunctionConfigRequest(URN)),
	);
	assert.equal([config.memorySize, config.timeout, config.handler], [128, 3, 'bootstrap']);
	assert.equal(read(new fgs.StrategyConfig(), config.strategyConfig).concurrentNum, 1);
	assert.ok(Number.isFinite(new Date(String(config.lastModified)).getTime()));
	const most = new fgs.UpdateFunctionMaxInstanceConfigRequestBody().withMaxInstanceNum(7);
	const limited = read(
		new fgs.UpdateFunctionMaxInstanceConfigResponse(),
		await client.updateFunctionMaxInstanceConfig(
			new fgs.UpdateFunctionMaxInstanceConfigRequest(URN).withBody(most),
		),
	);
	assert.equal(limited.strategyConfig, { concurrency: 7, concurrent_num: 1 });
	const code = read(
		new fgs.ShowFunctionCodeResponse(),
		await client.showFunctionCode(new fgs.ShowFunctionCodeRequest(URN)),
	);
	assert.is(Buffer.from(code.funcCode?.file ?? '', 'base64').length, code.codeSize);
	assert.is(code.digest, config.digest);
});

test("A-22: the platform's client reads versions and aliases, and exports and imports", async ({
	bed,
	client,
}) => {
	const body = new fgs.CreateFunctionVersionRequestBody().withVersion('v1').withDescription('the first');
	await client.createFunctionVersion(new fgs.CreateFunctionVersionRequest(URN).withBody(body));
	const listed = read(
		new fgs.ListFunctionVersionsResponse(),
		await client.listFunctionVersions(new fgs.ListFunctionVersionsRequest(URN)),
	);
	const names = listed.versions?.map(({ version }) => version);
	assert.equal([names, listed.count, listed.nextMarker], [['latest', 'v1'], 2, 0]);
	const alias = new fgs.CreateVersionAliasRequestBody('prod', 'v1').withDescription('what counts');
	await client.createVersionAlias(new fgs.CreateVersionAliasRequest(URN).withBody(alias));
	const aliases = await client.listVersionAliases(new fgs.ListVersionAliasesRequest(URN));
	const [one] = aliases as unknown as readonly object[];
	assert.is(read(new fgs.ListVersionAliasResult(), one).aliasUrn, `${URN}:!prod`);
	const shown = read(
		new fgs.ShowVersionAliasResponse(),
		await client.showVersionAlias(new fgs.ShowVersionAliasRequest(URN, 'prod')),
	);
	assert.equal([shown.version, shown.description], ['v1', 'what counts']);
	await client.deleteVersionAlias(new fgs.DeleteVersionAliasRequest(URN, 'prod'));
	const gone = await client.showVersionAlias(new fgs.ShowVersionAliasRequest(URN, 'prod')).then(
		() => null,
		(error: { readonly httpStatusCode: number; readonly errorCode: string }) => error,
	);
	assert.equal([gone?.httpStatusCode, gone?.errorCode], [404, 'FSS.1053']);
	const wish = new fgs.ExportFunctionRequest(URN).withConfig(true).withCode(true);
	assert.is((await client.exportFunction(wish)).httpStatusCode, 200);
	// The library reads every answer as text, which no zip survives.
	const path = `/v2/${PROJECT}/fgs/functions/${URN}/export?config=true&code=true`;
	const exported = await bed.fetch('GET', path);
	const file = Buffer.from(await exported.arrayBuffer()).toString('base64');
	const back = new fgs.ImportFunctionRequestBody('again', 'hello.zip', 'zip', file);
	const imported = read(
		new fgs.ImportFunctionResponse(),
		await client.importFunction(new fgs.ImportFunctionRequest().withBody(back)),
	);
	assert.is(imported.funcName, 'again');
	const removed = await client.deleteFunction(new fgs.DeleteFunctionRequest(`${URN}:v1`));
	assert.is(removed.httpStatusCode, 204);
});

test.run();
