/** Guards in front of a function, with clients that sign as the platform's client library does. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sdkDate } from '../../../src/contract/sdk-signature.ts';
import { NOTHING_ASKED } from '../../../src/gateway/api.ts';
import { AppGuard } from '../../../src/gateway/auth/app-guard.ts';
import type { Guard } from '../../../src/gateway/guard.ts';
import { signedBySdk, type WireRequest } from '../../contract/sdk-request.ts';
import { GatewayBed } from '../../harness/gateway-bed.ts';
import type { RawClient } from '../../harness/raw-client.ts';
import { AuthorizerBed } from './authorizer-bed.ts';
import { API_ID, CALL, CODE, FakeApps } from './guard-bed.ts';

const test = suite('guards on sockets');

async function bedOf(guard: Guard): Promise<GatewayBed> {
	const bed = await GatewayBed.start();
	const { target } = bed;
	const api = {
		id: API_ID,
		...NOTHING_ASKED,
		guard,
	} as const;
	bed.gateway.reroute({ find: () => ({ target, functionLines: target.functionLines, api }) });
	return bed;
}

const appsOnly = () => new AppGuard({ apiId: API_ID, apps: new FakeApps() });

/** Sends a request as it stands, with its body in one piece or byte by byte. */
async function send(bed: GatewayBed, request: WireRequest, chunked: boolean): Promise<RawClient> {
	const { method, url, headers, body } = request;
	const bytes = Buffer.from(body);
	const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${bytes.length}`;
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
	const chunks = [...bytes].map((byte) => Buffer.from([0x31, 0x0d, 0x0a, byte, 0x0d, 0x0a]));
	const client = await bed.client();
	void client.send([`${method} ${url} HTTP/1.1`, ...lines, framing, '', ''].join('\r\n'));
	void client.send(chunked ? Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')]) : bytes);
	return client;
}

for (const chunked of [false, true]) {
	const framing = chunked ? 'in chunks' : 'of known length';
	test(`G-1: a request that the platform’s client library signed goes through, with a body ${framing}`, async () => {
		await using bed = await bedOf(appsOnly());
		const request = signedBySdk(CALL, undefined, sdkDate(Date.now()));
		const client = await send(bed, request, chunked);
		const peer = await bed.function.peer();
		const head = await peer.head();
		assert.is((await peer.takeBytes(Buffer.byteLength(request.body))).toString(), request.body);
		assert.match(head.requestLine, `POST ${request.url} `);
		assert.equal(
			['x-own', 'content-type', 'authorization', 'x-sdk-date'].map((name) => head.value(name)),
			['mine', 'application/json', null, null],
		);
		await peer.reply('in');
		assert.is((await client.answer()).text, 'in');
	});

	test(`G-1: one byte more in a body ${framing} and the function never hears of it`, async () => {
		await using bed = await bedOf(appsOnly());
		const request = signedBySdk(CALL, undefined, sdkDate(Date.now()));
		const client = await send(bed, { ...request, body: `${request.body} ` }, chunked);
		const answer = await client.answer();
		assert.equal([answer.status, answer.value('X-Httpfn-Error')], [401, 'ERR_APP_UNAUTHORIZED']);
		assert.match(answer.text, '"error_code":"APIG.0303"');
		assert.is(bed.source.entered, 0);
	});
}

test('G-2: an app code lets in, and does not reach the function', async () => {
	await using bed = await bedOf(appsOnly());
	const { client, peer } = await bed.asked(
		'GET / HTTP/1.1',
		`X-Apig-AppCode: ${CODE}`,
		'Authorization: Bearer own',
	);
	const head = await peer.head();
	assert.equal(
		['x-apig-appcode', 'authorization'].map((name) => head.value(name)),
		[null, 'Bearer own'],
	);
	await peer.reply('in');
	assert.is((await client.answer()).text, 'in');
});

test('G-16: what an authorizer says reaches the function, what a client says in its name does not', async () => {
	const body = JSON.stringify({ status: 'allow', context: { role: 'reader' } });
	const { guard } = new AuthorizerBed({ status: 200, body });
	await using bed = await bedOf(guard);
	const { client, peer } = await bed.asked(
		'GET / HTTP/1.1',
		'X-User: ada',
		'X-Apig-Authorizer-role: admin',
		'X_Apig_Authorizer_role: admin',
		'X-Apig-Authorizer-level: 9',
	);
	const head = await peer.head();
	assert.equal(
		['x-user', 'x-apig-authorizer-role', 'x_apig_authorizer_role', 'x-apig-authorizer-level'].map((name) =>
			head.value(name),
		),
		['ada', 'reader', null, null],
	);
	await peer.reply('in');
	assert.is((await client.answer()).text, 'in');
});

test.run();
