import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core';
import {
	CreateFunctionRequest,
	CreateFunctionRequestBody,
	DeleteFunctionRequest,
	FunctionGraphClient,
	InvokeFunctionRequest,
	ListFunctionsRequest,
} from '@huaweicloud/huaweicloud-sdk-functiongraph/v2/public-api.js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { signRequest } from '../../../src/contract/sdk-signature.ts';
import { KEY } from '../../contract/sdk-request.ts';
import { AuthBed } from './auth-bed.ts';

const test = suite('calls of the SDK’s client');
const URN = 'urn:fss:cn:p:function:default:f:!prod';

/** Judges what arrives on a socket, and answers with who it was. */
class JudgingServer implements AsyncDisposable {
	readonly judged: string[] = [];
	readonly #bed = new AuthBed();
	readonly #server = createServer((request, response) => {
		void this.#judge(request).then((line) => {
			this.judged.push(line);
			response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
		});
	});

	async listen(): Promise<string> {
		this.#bed.nowMs = Date.now();
		await once(this.#server.listen(0, '127.0.0.1'), 'listening');
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	async #judge(request: IncomingMessage): Promise<string> {
		const { method = '', url = '', headersDistinct } = request;
		const entries = Object.entries(headersDistinct).map(([name, values]) => [name, values?.join(', ')]);
		const hash = createHash('sha256');
		for await (const chunk of request) hash.update(chunk);
		const line = `${method} ${url}`;
		try {
			const pending = this.#bed.authenticator.begin({ method, url, headers: Object.fromEntries(entries) });
			return `${line}: ${pending.finish(hash.digest('hex')).name}`;
		} catch (error) {
			return `${line}: ${error instanceof Error ? error.message : error}`;
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#server.closeAllConnections();
		const closed = once(this.#server, 'close');
		this.#server.close();
		await closed;
	}
}

test('A-118: calls that the official client makes over a socket are accepted', async () => {
	await using server = new JudgingServer();
	const credentials = new BasicCredentials().withAk(KEY.accessKey).withSk(KEY.secretKey).withProjectId('p');
	const client = FunctionGraphClient.newBuilder()
		.withCredential(credentials)
		.withEndpoint(await server.listen())
		.build();
	await client.listFunctions(new ListFunctionsRequest().withMaxitems('10').withFuncName('grün & blau'));
	const body = new CreateFunctionRequestBody().withFuncName('f').withDescription('grün');
	await client.createFunction(new CreateFunctionRequest().withBody(body));
	const event = { headers: { greeting: 'grün' } };
	await client.invokeFunction(
		new InvokeFunctionRequest().withFunctionUrn(URN).withXCffLogType('tail').withBody(event),
	);
	await client.deleteFunction(new DeleteFunctionRequest().withFunctionUrn(URN));
	const base = '/v2/p/fgs/functions';
	assert.equal(server.judged, [
		`GET ${base}?maxitems=10&func_name=gr%C3%BCn%20%26%20blau: ada`,
		`POST ${base}: ada`,
		`POST ${base}/${URN}/invocations: ada`,
		`DELETE ${base}/${URN}: ada`,
	]);
});

test('A-118: requests that httpfn signs are accepted as fetch sends them', async () => {
	await using server = new JudgingServer();
	const url = `${await server.listen()}/v2/p/fgs/functions/${URN}?b=a%20b&b=a&a=%C3%BC+1`;
	const body = JSON.stringify({ text: 'grün' });
	const headers = signRequest({
		method: 'PUT',
		url,
		headers: { 'Content-Type': 'application/json' },
		body,
		...KEY,
		now: Date.now(),
	});
	await (await fetch(url, { method: 'PUT', headers, body })).text();
	await (await fetch(url, { method: 'PUT', headers, body: `${body} ` })).text();
	const path = new URL(url);
	assert.is(server.judged[0], `PUT ${path.pathname}${path.search}: ada`);
	assert.not.match(server.judged[1] ?? '', /: ada$/);
});

test.run();
