/** The platform's own client library against the built executable: what it sends is taken, what it reads is there. */
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import * as fgs from '@huaweicloud/huaweicloud-sdk-functiongraph';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DeployedHost } from '../harness/deployed-host.ts';
import { exchange } from '../harness/exchange.ts';
import { zipOf } from '../harness/zip-of.ts';

const PROJECT = '05e1aaa0b280f5a12f8cc01e8c5a2b8e';
const CALLS = 60;

/** Answers with which text its package holds, what it was asked and what it was given. */
const APP = `
import http from 'node:http';
import { readFileSync } from 'node:fs';
const text = readFileSync(new URL('text', import.meta.url), 'utf8');
http.createServer(async (request, response) => {
	let body = '';
	for await (const chunk of request) body += chunk;
	console.log('asked for ' + request.url);
	const { GREETING = null, RUNTIME_USERDATA } = process.env;
	const { 'x-cff-func-version': version, 'x-cff-memory': memory } = request.headers;
	response.setHeader('X-Twice', ['one', 'two "2"']);
	response.end(JSON.stringify({ text, method: request.method, url: request.url, body, GREETING, RUNTIME_USERDATA, version, memory }));
}).listen(8000, '127.0.0.1');
`;

interface Told {
	readonly text: string;
	readonly method: string;
	readonly url: string;
	readonly body: string;
	readonly GREETING: string | null;
	readonly RUNTIME_USERDATA: string;
	readonly version: string;
	readonly memory: string;
}

const test = suite('the client of the platform');

/** The client answers what the server sent; its own model reads the platform's names. */
async function read<Model extends object>(model: Model, answer: Promise<unknown>): Promise<Model> {
	return Object.assign(model, await answer);
}

async function codeOf(text: string): Promise<fgs.FuncCode> {
	const files = { bootstrap: 'exec node $RUNTIME_CODE_ROOT/app.mjs', 'app.mjs': APP, text };
	return new fgs.FuncCode().withFile((await zipOf(files)).toString('base64'));
}

function clientOf(host: DeployedHost): fgs.FunctionGraphClient {
	const credentials = new BasicCredentials().withAk('ak').withSk('sk').withProjectId(PROJECT);
	const builder = fgs.FunctionGraphClient.newBuilder().withCredential(credentials);
	return builder.withEndpoint(host.control).build() as fgs.FunctionGraphClient;
}

async function create(client: fgs.FunctionGraphClient, name: string, text: string): Promise<string> {
	const body = new fgs.CreateFunctionRequestBody(
		name,
		'default',
		fgs.CreateFunctionRequestBodyRuntimeEnum.HTTP,
		10,
		'bootstrap',
		128,
	)
		.withCodeType(fgs.CreateFunctionRequestBodyCodeTypeEnum.ZIP)
		.withCodeFilename('code.zip')
		.withFuncCode(await codeOf(text));
	const created = await read(
		new fgs.CreateFunctionResponse(),
		client.createFunction(new fgs.CreateFunctionRequest().withBody(body)),
	);
	assert.match(created.funcUrn ?? '', `urn:fss:cn:${PROJECT}:function:default:${name}:latest`);
	assert.match(created.digest ?? '', /^[0-9a-f]{128}$/);
	assert.is(created.runtime, 'http');
	return (created.funcUrn ?? '').replace(/:latest$/, '');
}

async function trigger(client: fgs.FunctionGraphClient, urn: string, path: string): Promise<string> {
	const event = new fgs.TriggerEventDataRequestBody()
		.withName('api')
		.withPath(path)
		.withMatchMode(fgs.TriggerEventDataRequestBodyMatchModeEnum.SWA)
		.withReqMethod(fgs.TriggerEventDataRequestBodyReqMethodEnum.ANY)
		.withProtocol(fgs.TriggerEventDataRequestBodyProtocolEnum.HTTP)
		.withAuth(fgs.TriggerEventDataRequestBodyAuthEnum.NONE)
		.withEnvName('RELEASE')
		.withFuncInfo(new fgs.ApigTriggerFuncInfo().withTimeout(5000));
	const body = new fgs.CreateFunctionTriggerRequestBody(
		fgs.CreateFunctionTriggerRequestBodyTriggerTypeCodeEnum.APIG,
		event,
	);
	const made = await read(
		new fgs.CreateFunctionTriggerResponse(),
		client.createFunctionTrigger(new fgs.CreateFunctionTriggerRequest(urn).withBody(body)),
	);
	const eventData = Object.assign(new fgs.TriggerEventDataResponseBody(), made.eventData);
	assert.ok(made.triggerId);
	assert.ok(eventData.invokeUrl);
	return eventData.invokeUrl ?? '';
}

async function ask(host: DeployedHost, invokeUrl: string, more = ''): Promise<Told> {
	const { origin, host: name, path } = host.trigger(invokeUrl);
	const answer = await exchange(origin, { target: `${path}${more}`, headers: { host: name } });
	assert.is(answer.status, 200, answer.text);
	return answer.json as Told;
}

/** How many of CALLS requests each version answered. */
async function shares(host: DeployedHost, invokeUrl: string): Promise<Map<string, number>> {
	const counts = new Map<string, number>();
	for (let call = 0; call < CALLS; call++) {
		const { version } = await ask(host, invokeUrl);
		counts.set(version, (counts.get(version) ?? 0) + 1);
	}
	return counts;
}

test('E-130: the client creates, configures, triggers, publishes, weighs, updates, invokes and deletes a function', async () => {
	await using host = await DeployedHost.start();
	const client = clientOf(host);
	const urn = await create(client, 'greeter', 'first');

	const config = new fgs.UpdateFunctionConfigRequestBody('greeter', 'http', 20, 'bootstrap', 256)
		.withUserData('{"GREETING":"hello"}')
		.withEncryptedUserData('{"SECRET":"hush"}');
	const configured = await read(
		new fgs.UpdateFunctionConfigResponse(),
		client.updateFunctionConfig(new fgs.UpdateFunctionConfigRequest(urn).withBody(config)),
	);
	assert.is(configured.memorySize, 256);
	assert.is(configured.userData, '{"GREETING":"hello"}');
	assert.not.match(JSON.stringify(configured), 'hush');

	const url = await trigger(client, urn, '/greet');
	const told = await ask(host, url, '/deep?x=%201');
	assert.equal(
		[told.text, told.url, told.GREETING, told.memory],
		['first', '/greet/deep?x=%201', 'hello', '256'],
	);
	assert.equal(JSON.parse(told.RUNTIME_USERDATA), { GREETING: 'hello', SECRET: 'hush' });

	const one = await read(
		new fgs.CreateFunctionVersionResponse(),
		client.createFunctionVersion(
			new fgs.CreateFunctionVersionRequest(urn).withBody(
				new fgs.CreateFunctionVersionRequestBody().withVersion('v1'),
			),
		),
	);
	assert.is(one.version, 'v1');
	const code = new fgs.UpdateFunctionCodeRequestBody(fgs.UpdateFunctionCodeRequestBodyCodeTypeEnum.ZIP)
		.withCodeFilename('code.zip')
		.withFuncCode(await codeOf('second'));
	const updated = await read(
		new fgs.UpdateFunctionCodeResponse(),
		client.updateFunctionCode(new fgs.UpdateFunctionCodeRequest(urn).withBody(code)),
	);
	assert.is.not(updated.digest, one.digest);
	assert.is((await ask(host, url)).text, 'second');
	await client.createFunctionVersion(
		new fgs.CreateFunctionVersionRequest(urn).withBody(
			new fgs.CreateFunctionVersionRequestBody().withVersion('v2'),
		),
	);

	const alias = new fgs.CreateVersionAliasRequestBody('prod', 'v1').withAdditionalVersionWeights({ v2: 50 });
	const aliased = await read(
		new fgs.CreateVersionAliasResponse(),
		client.createVersionAlias(new fgs.CreateVersionAliasRequest(urn).withBody(alias)),
	);
	assert.is(aliased.aliasUrn, `${urn}:!prod`);
	const aliasUrl = await trigger(client, `${urn}:!prod`, '/prod');
	const both = await shares(host, aliasUrl);
	assert.equal([...both.keys()].sort(), ['v1', 'v2']);
	const all = new fgs.UpdateVersionAliasRequestBody('v2').withAdditionalVersionWeights({ v1: 0 });
	await client.updateVersionAlias(new fgs.UpdateVersionAliasRequest(urn, 'prod').withBody(all));
	assert.equal(await shares(host, aliasUrl), new Map([['v2', CALLS]]));

	await client.deleteFunction(new fgs.DeleteFunctionRequest(urn));
	const gone = await exchange(host.url, { target: '/greet', headers: { host: new URL(url).host } });
	assert.is(gone.status, 404);
	await assertRefused(client.showFunctionConfig(new fgs.ShowFunctionConfigRequest(urn)), 'FSS.1051');
});

test('E-131: the client invokes a function with an event, and reads envelope, status and log', async () => {
	await using host = await DeployedHost.start();
	const client = clientOf(host);
	const urn = await create(client, 'invoked', 'only');
	const event = {
		httpMethod: 'POST',
		path: '/say',
		queryStringParameters: { a: '1' },
		headers: {},
		body: 'aGk=',
		isBase64Encoded: true,
	};
	const request = new fgs.InvokeFunctionRequest(urn)
		.withXCffLogType('tail')
		.withXCFFRequestVersion('v1')
		.withBody(event as never);
	const answer = await read(new fgs.InvokeFunctionResponse(), client.invokeFunction(request));
	assert.is(answer.status, 200);
	const envelope = JSON.parse(answer.result ?? '') as {
		statusCode: number;
		headers: Record<string, string[]>;
		body: string;
		isBase64Encoded: boolean;
	};
	assert.equal([envelope.statusCode, envelope.isBase64Encoded], [200, true]);
	assert.equal(envelope.headers['X-Twice'], ['one', 'two "2"']);
	const told = JSON.parse(Buffer.from(envelope.body, 'base64').toString('utf8')) as Told;
	assert.equal([told.method, told.url, told.body, told.version], ['POST', '/say?a=1', 'hi', 'latest']);
	const log = Buffer.from(answer.log ?? '', 'base64').toString('utf8');
	assert.match(log, `Start invoke request '${answer.requestId}', version: latest`);
	assert.match(log, 'asked for /say?a=1');
	assert.match(log, `Finish invoke request '${answer.requestId}', duration: `);
	await assertRefused(
		client.asyncInvokeFunction(new fgs.AsyncInvokeFunctionRequest(urn).withBody({})),
		'FSS.0400',
	);
});

async function assertRefused(call: Promise<unknown>, code: string): Promise<void> {
	try {
		await call;
	} catch (error) {
		assert.is((error as { errorCode?: string }).errorCode, code);
		return;
	}
	assert.unreachable(`the call was to be refused with ${code}`);
}

test.run();
