import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { waitForAnswer } from '../../../src/cli/remote/wait-for-answer.ts';
import type { RuntimeError } from '../../../src/contract/errors.ts';
import { standInServer, type Told } from './stand-in-server.ts';

const test = suite('waitForAnswer');

/** Tells these in order, the last again and again. */
function inTurn(...all: Told[]): () => Told {
	let turn = 0;
	return () => all[Math.min(turn++, all.length - 1)] ?? {};
}

const gateway = (status: number, code: string, own?: string): Told => ({
	status,
	...(own === undefined ? {} : { headers: { 'x-httpfn-error': own } }),
	body: { error_code: code, error_msg: 'said by the gateway' },
});

async function wait(url: string, patienceMs = 20_000): Promise<{ status: number | string; found: string[] }> {
	const found: string[] = [];
	const status = await waitForAnswer(url, { patienceMs, onTry: (text) => found.push(text) }).catch(
		({ code }: RuntimeError) => code,
	);
	return { status, found };
}

test('U-94: a gateway that does not know the route yet is asked again until the function answers', async () => {
	const told = [gateway(404, 'APIG.0101'), gateway(503, 'FSS.0503', 'ERR_DRAINING'), { body: 'hello' }];
	await using server = await standInServer(inTurn(...told));
	const { status, found } = await wait(`${server.url}/a?b=c`);
	assert.equal([status, found.length], [200, 2]);
	assert.equal(server.calls.at(-1), 'GET /a?b=c');
});

test('U-94: whatever status the function itself gives is its answer, and its body need not end', async () => {
	for (const told of [
		{ status: 404, body: 'mine' },
		{ status: 500, body: {} },
		{ body: 'x', open: true as const },
	]) {
		await using server = await standInServer(() => told);
		assert.is((await wait(server.url)).status, told.status ?? 200);
		assert.is(server.asked.length, 1);
	}
});

test('U-94: a trigger that lets only some call has answered', async () => {
	await using server = await standInServer(() => gateway(401, 'APIG.0305'));
	assert.is((await wait(server.url)).status, 401);
});

test('U-94: a failure of the function itself ends the wait with its code', async () => {
	await using server = await standInServer(() => gateway(500, 'FSS.0500', 'ERR_FUNCTION_INIT_EXITED'));
	const { status, found } = await wait(server.url);
	assert.equal([status, found.length, server.asked.length], ['ERR_FUNCTION_INIT_EXITED', 0, 1]);
});

test('U-94: where nothing answers in time, the error has what was found last', async () => {
	await using server = await standInServer(() => gateway(404, 'APIG.0101'));
	const { status, found } = await wait(server.url, 300);
	assert.is(status, 'ERR_NO_ANSWER');
	assert.match(found[0] ?? '', '404 APIG.0101');
	assert.is((await wait('http://127.0.0.1:1/', 200)).status, 'ERR_NO_ANSWER');
});

test('U-94: a name below localhost is this machine, and the host the request names', async () => {
	await using server = await standInServer(() => ({ body: 'hello' }));
	const { port } = new URL(server.url);
	assert.is((await wait(`http://group-1.localhost:${port}/x`)).status, 200);
	assert.is(server.asked[0]?.headers.host, `group-1.localhost:${port}`);
});

test.run();
