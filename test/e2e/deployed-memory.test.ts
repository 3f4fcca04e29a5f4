/** Invocations with long bodies: what the server's memory grows by. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlClient } from '../harness/control-client.ts';
import { DeployedHost } from '../harness/deployed-host.ts';
import { exchange } from '../harness/exchange.ts';
import { zipOf } from '../harness/zip-of.ts';

const test = suite('memory of invocations');

const BODY_BYTES = 6 * 1024 * 1024;
const CALLS = 20;
/** About 10 on Bun. It hardly depends on the length: twenty events of 64 KiB cost a fresh server as much as twenty of 6 MiB. */
const GROWTH_MIB_MAX = 16;

/** Answers with the digest of what came; to /long with 6 MiB of known length, to /pieces with the same of unknown length. */
const APP = `
import { createHash } from 'node:crypto';
import http from 'node:http';
const long = Buffer.alloc(${BODY_BYTES}, 'a long answer; ');
http.createServer((request, response) => {
	const hash = createHash('sha256');
	request.on('data', (bytes) => hash.update(bytes));
	request.on('end', () => {
		if (request.url === '/pieces') {
			for (let at = 0; at < long.length; at += 8192) response.write(long.subarray(at, at + 8192));
			return response.end();
		}
		if (request.url !== '/long') return response.end(hash.digest('hex'));
		response.setHeader('Content-Length', long.length);
		response.end(long);
	});
}).listen(8000, '127.0.0.1');
`;

const LONG_SHA256 = sha256(Buffer.alloc(BODY_BYTES, 'a long answer; '));

function sha256(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** Resolves with the digest of the body that the envelope carries, or that body where it is short. */
async function invoke(
	host: DeployedHost,
	client: ControlClient,
	path: string,
	body: string,
): Promise<string> {
	const answer = await exchange(host.control, {
		method: 'POST',
		target: `/v2/${client.project}/fgs/functions/${client.urn('long')}/invocations`,
		headers: { 'content-type': 'application/json', 'x-auth-token': 'any' },
		body: `{"httpMethod":"POST","path":"${path}","headers":{},"isBase64Encoded":true,"body":"${body}"}`,
	});
	assert.is(answer.status, 200, answer.text.slice(0, 200));
	const bytes = Buffer.from((answer.json as { body: string }).body, 'base64');
	return bytes.length > 100 ? sha256(bytes) : bytes.toString('latin1');
}

function peakMib({ running }: DeployedHost): number {
	const status = readFileSync(`/proc/${running.pid}/status`, 'latin1');
	return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1024;
}

/** MiB by which the peak of a new server grows in long invocations beyond what short ones made it. */
async function growth(path: string, body: Buffer, expected: string): Promise<number> {
	await using host = await DeployedHost.start();
	const client = new ControlClient(host.control);
	const zip = await zipOf({ bootstrap: 'exec node $RUNTIME_CODE_ROOT/app.mjs', 'app.mjs': APP });
	const func_code = { file: zip.toString('base64') };
	assert.is((await client.create('long', '', { func_code })).status, 200);
	const text = body.toString('base64');
	for (let call = 0; call < CALLS; call += 1) await invoke(host, client, '/', 'c2hvcnQ=');
	const beforeMib = peakMib(host);
	for (let call = 0; call < CALLS; call += 1) assert.is(await invoke(host, client, path, text), expected);
	const afterMib = peakMib(host);
	// Held whole before it is sent, many pieces to one read.
	assert.is(await invoke(host, client, '/pieces', ''), LONG_SHA256);
	return afterMib - beforeMib;
}

test('E-141: twenty bodies of 6 MiB in, and twenty out, arrive whole and cost the server less than three of them in memory', async () => {
	const event = randomBytes(BODY_BYTES);
	const inward = await growth('/', event, sha256(event));
	const outward = await growth('/long', Buffer.alloc(1), LONG_SHA256);
	const figures = `${inward.toFixed(1)} MiB in, ${outward.toFixed(1)} MiB out`;
	assert.ok(inward < GROWTH_MIB_MAX && outward < GROWTH_MIB_MAX, figures);
});

test.run();
