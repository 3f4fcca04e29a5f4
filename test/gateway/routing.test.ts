/** Several functions behind one gateway, and a change of routes while it runs. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RouteTable } from '../../src/gateway/route-table.ts';
import { TableRouter } from '../../src/gateway/table-router.ts';
import { GatewayBed } from '../harness/gateway-bed.ts';
import { StubTarget } from '../harness/stub-target.ts';

const test = suite('routing');

/** A gateway whose own function answers `/one…` and another one `/two…`. */
function twoRoutes(bed: GatewayBed, other: StubTarget): TableRouter {
	const any = { host: null, match: 'prefix', method: null } as const;
	const routes = new RouteTable([
		{ ...any, path: '/one', target: bed.target },
		{ ...any, path: '/two', target: other.target },
	]);
	return new TableRouter(routes);
}

test('H-139: requests on one connection go to the functions of their routes', async () => {
	await using bed = await GatewayBed.start({ name: 'one' });
	await using other = await StubTarget.start({ name: 'two', memoryMb: 512 });
	bed.gateway.reroute(twoRoutes(bed, other));
	const { client, peer } = await bed.asked('GET /one/a HTTP/1.1');
	assert.is((await peer.head()).value('X-CFF-Func-Name'), 'one');
	await peer.reply('1');
	assert.is((await client.answer()).text, '1');
	client.ask('GET /two HTTP/1.1');
	const second = await other.function.peer();
	const head = await second.head();
	assert.is(head.value('X-CFF-Func-Name'), 'two');
	assert.is(head.value('X-CFF-Memory'), '512');
	await second.reply('2');
	assert.is((await client.answer()).text, '2');
	assert.equal(bed.source.ends, ['answered']);
	assert.equal(other.source.ends, ['answered']);
});

test('H-139: a request that no route leads to gets 404, and the connection goes on', async () => {
	await using bed = await GatewayBed.start();
	await using other = await StubTarget.start();
	bed.gateway.reroute(twoRoutes(bed, other));
	const client = await bed.client();
	client.ask('GET /three?x HTTP/1.1');
	const answer = await client.answer();
	assert.is(answer.status, 404);
	assert.is(answer.statusLine, 'HTTP/1.1 404 Not Found');
	assert.is(answer.value('X-Httpfn-Error'), 'ERR_ROUTE_NOT_FOUND');
	assert.is(answer.value('Connection'), null);
	assert.is(answer.value('X-Is-Func-Err'), null);
	assert.is(JSON.parse(answer.text).error_code, 'APIG.0101');
	assert.is(JSON.parse(answer.text).request_id, answer.value('X-Cff-Request-Id'));
	assert.is(bed.log.records[0]?.fields.code, 'ERR_ROUTE_NOT_FOUND');
	client.ask('HEAD /three HTTP/1.1');
	assert.is((await client.answer(true)).status, 404);
	client.ask('GET /one HTTP/1.1');
	await (await bed.function.peer()).reply('one');
	assert.is((await client.answer()).text, 'one');
});

test('H-139: pipelined requests are answered in order, with and without a route, however many', async () => {
	await using bed = await GatewayBed.start();
	await using other = await StubTarget.start();
	bed.gateway.reroute(twoRoutes(bed, other));
	const client = await bed.client();
	const none = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
	void client.send(`${none.repeat(4000)}GET /one HTTP/1.1\r\nHost: a\r\n\r\n${none}`);
	for (let index = 0; index < 4000; index++) assert.is((await client.answer()).status, 404);
	await (await bed.function.peer()).reply('one');
	assert.is((await client.answer()).text, 'one');
	assert.is((await client.answer()).status, 404);
});

test('H-139: where the body of such a request is still to come, the connection is closed after the answer', async () => {
	for (const lines of [
		['Content-Length: 10'],
		['Transfer-Encoding: chunked'],
		['Content-Length: 10', 'Expect: 100-continue'],
	]) {
		await using bed = await GatewayBed.start();
		await using other = await StubTarget.start();
		bed.gateway.reroute(twoRoutes(bed, other));
		const client = await bed.client();
		client.ask('POST /three HTTP/1.1', ...lines);
		const answer = await client.answer();
		assert.is(answer.status, 404, lines.join());
		assert.is(answer.value('Connection'), 'close');
		await client.ended;
		assert.is(bed.gateway.context.held.bytes, 0);
	}
});

test('H-139: a last request that no route leads to ends the connection, whatever follows it', async () => {
	await using bed = await GatewayBed.start();
	await using other = await StubTarget.start();
	bed.gateway.reroute(twoRoutes(bed, other));
	const client = await bed.client();
	client.ask('GET / HTTP/1.1', 'Connection: close', 'X: y', '', 'GET /one HTTP/1.1', 'Host: a');
	assert.is((await client.answer()).value('Connection'), 'close');
	await client.ended;
	client.end();
	assert.is(await client.closed, 'closed');
	assert.is(bed.source.entered, 0);
});

test('H-140: a change of routes moves the requests that begin after it, and closes nothing', async () => {
	await using bed = await GatewayBed.start({ name: 'old' });
	await using other = await StubTarget.start({ name: 'new' });
	const { client, peer } = await bed.asked('GET /1 HTTP/1.1');
	await peer.head();
	const idle = await bed.client();
	idle.ask('GET /2 HTTP/1.1');
	await (await bed.function.peer()).reply('old');
	await idle.answer();
	bed.gateway.reroute(other.target);
	await peer.reply('still old');
	assert.is((await client.answer()).text, 'still old');
	for (const each of [client, idle]) {
		each.ask('GET /3 HTTP/1.1');
		await (await other.function.peer()).reply('new', 'Connection: close');
		assert.is((await each.answer()).text, 'new');
	}
	assert.equal(bed.source.ends, ['answered', 'answered']);
	assert.equal(other.source.ends, ['answered', 'answered']);
});

test('H-140: a request that waits for an instance stays with its function', async () => {
	await using bed = await GatewayBed.start();
	await using other = await StubTarget.start();
	bed.source.sleep();
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	await bed.source.asked;
	bed.gateway.reroute(other.target);
	bed.source.start();
	await (await bed.function.peer()).reply('waited');
	assert.is((await client.answer()).text, 'waited');
	assert.is(other.source.entered, 0);
});

test('H-141: a chunked request goes where the routes lead when it is whole', async () => {
	await using bed = await GatewayBed.start();
	await using other = await StubTarget.start();
	const client = await bed.client();
	client.ask('POST / HTTP/1.1', 'Transfer-Encoding: chunked', 'Expect: 100-continue');
	assert.is((await client.answer()).status, 100);
	bed.gateway.reroute(other.target);
	await client.send('5\r\nhello\r\n0\r\n\r\n');
	const peer = await other.function.peer();
	await peer.head();
	assert.is((await peer.takeBytes(5)).toString(), 'hello');
	await peer.reply('new');
	assert.is((await client.answer()).text, 'new');
	assert.is(bed.source.entered, 0);
});

test('H-141: where they lead nowhere by then it is refused, and nothing of it is held', async () => {
	await using bed = await GatewayBed.start();
	const client = await bed.client();
	client.ask('POST / HTTP/1.1', 'Transfer-Encoding: chunked', 'Expect: 100-continue');
	assert.is((await client.answer()).status, 100);
	bed.gateway.reroute(new TableRouter(new RouteTable([])));
	await client.send('5\r\nhello\r\n0\r\n\r\n');
	assert.is((await client.answer()).status, 404);
	await client.ended;
	assert.is(bed.gateway.context.held.bytes, 0);
});

test('H-143: the errors of its requests stand in the log of the function, others in that of the gateway', async () => {
	await using bed = await GatewayBed.start();
	await using other = await StubTarget.start();
	bed.gateway.reroute(twoRoutes(bed, other));
	const client = await bed.client();
	client.ask('GET /two HTTP/1.1');
	const peer = await other.function.peer();
	await peer.head();
	peer.reset();
	assert.is((await client.answer()).status, 500);
	assert.is(other.log.records[0]?.fields.code, 'ERR_FUNCTION_EXITED');
	assert.equal(bed.log.records, []);
	void client.send('NONSENSE\r\n\r\n');
	assert.is((await client.answer()).status, 400);
	assert.is(bed.log.records[0]?.fields.code, 'ERR_REQUEST_MALFORMED');
	assert.is(other.log.records.length, 1);
});

test('H-144: each function has its own timeout and its own limit of a response', async () => {
	await using bed = await GatewayBed.start();
	await using other = await StubTarget.start({ timeoutSeconds: 0.03, streamResponse: true });
	bed.gateway.reroute(twoRoutes(bed, other));
	const slow = await bed.asked('GET /one HTTP/1.1');
	const client = await bed.client();
	client.ask('GET /two HTTP/1.1');
	assert.is((await client.answer()).value('X-Httpfn-Error'), 'ERR_FUNCTION_TIMEOUT');
	await slow.peer.send('HTTP/1.1 200 OK\r\nContent-Length: 6291457\r\n\r\n');
	assert.is((await slow.client.answer()).value('X-Httpfn-Error'), 'ERR_RESPONSE_BODY_TOO_LARGE');
	await other.function.peer();
	client.ask('GET /two HTTP/1.1');
	const peer = await other.function.peer();
	await peer.send('HTTP/1.1 200 OK\r\nContent-Length: 6291457\r\n\r\n');
	await client.takeThrough('Content-Length: 6291457');
});

test.run();
