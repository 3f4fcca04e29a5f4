/** Invocations with long bodies: what the server's memory grows by. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client } from 'undici';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlClient } from '../harness/control-client.ts';
import { DeployedHost } from '../harness/deployed-host.ts';
import { zipOf } from '../harness/zip-of.ts';

const test = suite('memory of invocations');

const BODY_BYTES = 6 * 1024 * 1024;
const CALLS = 20;
const SHORT_BYTES = 64 * 1024;
/** In either direction. A new server's heap grows by about 10 MiB in its first hundreds of invocations, however short they are. */
const SHORT_CALLS = 300;
const GROWTH_MIB_MAX = 2;
/** What a heap grows by is not the same each time: the median of so many servers decides. */
const SERVERS = 5;

/**
 * Answers with the digest of what came; to /short with 64 KiB and to /long with 6 MiB of known length, to /pieces with 6 MiB of
 * unknown length.
 */
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
		if (request.url === '/') return response.end(hash.digest('hex'));
		const answer = request.url === '/short' ? long.subarray(0, ${SHORT_BYTES}) : long;
		response.setHeader('Content-Length', answer.length);
		response.end(answer);
	});
}).listen(8000, '127.0.0.1');
`;

const LONG_SHA256 = sha256(Buffer.alloc(BODY_BYTES, 'a long answer; '));

function sha256(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** Calls the function over one connection that is kept open. */
class Caller implements AsyncDisposable {
	readonly #client: Client;
	readonly #path: string;

	constructor(origin: string, path: string) {
		this.#client = new Client(origin);
		this.#path = path;
	}

	/** Resolves with the body that the envelope carries. */
	async invoke(path: string, body: string): Promise<Buffer> {
		const answer = await this.#client.request({
			method: 'POST',
			path: this.#path,
			headers: { 'content-type': 'application/json', 'x-auth-token': 'any' },
			body: `{"httpMethod":"POST","path":"${path}","headers":{},"isBase64Encoded":true,"body":"${body}"}`,
		});
		const text = await answer.body.text();
		assert.is(answer.statusCode, 200, text.slice(0, 200));
		return Buffer.from((JSON.parse(text) as { body: string }).body, 'base64');
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#client.destroy();
	}
}

function peakMib({ running }: DeployedHost): number {
	const status = readFileSync(`/proc/${running.pid}/status`, 'latin1');
	return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1024;
}

/** MiB by which the peak of a server that knows short bodies grows in twenty long ones in, and then in twenty out. */
async function growth(): Promise<{ readonly inMib: number; readonly outMib: number }> {
	await using host = await DeployedHost.start();
	const control = new ControlClient(host.control);
	const zip = await zipOf({ bootstrap: 'exec node $RUNTIME_CODE_ROOT/app.mjs', 'app.mjs': APP });
	const func_code = { file: zip.toString('base64') };
	assert.is((await control.create('long', '', { func_code })).status, 200);
	const path = `/v2/${control.project}/fgs/functions/${control.urn('long')}/invocations`;
	await using caller = new Caller(host.control, path);
	const short = randomBytes(SHORT_BYTES).toString('base64');
	for (let call = 0; call < SHORT_CALLS; call += 1) {
		await caller.invoke('/', short);
		await caller.invoke('/short', '');
	}
	const shortMib = peakMib(host);
	const event = randomBytes(BODY_BYTES);
	const text = event.toString('base64');
	for (let call = 0; call < CALLS; call += 1)
		assert.is((await caller.invoke('/', text)).toString('latin1'), sha256(event));
	const inwardMib = peakMib(host);
	for (let call = 0; call < CALLS; call += 1)
		assert.is(sha256(await caller.invoke('/long', '')), LONG_SHA256);
	const outwardMib = peakMib(host);
	// Held whole before it is sent, many pieces to one read.
	assert.is(sha256(await caller.invoke('/pieces', '')), LONG_SHA256);
	return { inMib: inwardMib - shortMib, outMib: outwardMib - inwardMib };
}

/** Whether the median is within the bound is known when more than half are on one side of it. */
function decided(figures: readonly number[]): boolean {
	const within = figures.filter((mib) => mib < GROWTH_MIB_MAX).length;
	return Math.max(within, figures.length - within) > SERVERS / 2;
}

test('E-141: twenty bodies of 6 MiB in, and twenty out, arrive whole and cost a warm server less than 2 MiB in memory', async () => {
	const inward: number[] = [];
	const outward: number[] = [];
	while (!decided(inward) || !decided(outward)) {
		const { inMib, outMib } = await growth();
		inward.push(inMib);
		outward.push(outMib);
	}
	for (const [way, figures] of Object.entries({ in: inward, out: outward })) {
		const within = figures.filter((mib) => mib < GROWTH_MIB_MAX).length;
		const told = figures.map((mib) => mib.toFixed(1)).join(', ');
		assert.ok(within > SERVERS / 2, `${told} MiB ${way}`);
	}
});

test.run();
