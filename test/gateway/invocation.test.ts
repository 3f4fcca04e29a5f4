/** An event in, an envelope out, on the place that any request takes. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RuntimeError } from '../../src/contract/errors.ts';
import { type Invocation, invokeEvent } from '../../src/gateway/invocation.ts';
import { StubTarget } from '../harness/stub-target.ts';

const test = suite('invocation');

/** An invocation with this event, and the envelope written so far. */
function invocationOf(event: object): Invocation & { readonly envelope: () => string } {
	const bytes = Buffer.from(JSON.stringify(event));
	let envelope = '';
	return {
		async *readEvent(from = 0, to = bytes.length) {
			yield bytes.subarray(from, to);
		},
		async writeEnvelope(part) {
			envelope += Buffer.from(part).toString();
		},
		envelope: () => envelope,
	};
}

const EVENT = { httpMethod: 'POST', path: '/a', headers: { host: 'a.test' } };

async function codeOf(pending: Promise<unknown>): Promise<string | null> {
	const failure = await pending.then(
		() => null,
		(error: unknown) => error,
	);
	return failure instanceof RuntimeError ? failure.code : null;
}

test('H-145: an invocation takes a place and gives it back like any request', async () => {
	await using stub = await StubTarget.start();
	const invocation = invocationOf({
		...EVENT,
		body: Buffer.from('hi').toString('base64'),
		isBase64Encoded: true,
	});
	const result = invokeEvent(() => stub.target, invocation);
	const peer = await stub.function.peer();
	assert.is((await peer.head()).requestLine, 'POST /a HTTP/1.1');
	assert.is((await peer.takeBytes(2)).toString(), 'hi');
	assert.is(stub.source.inFlight.length, 1);
	await peer.reply('ok');
	assert.equal(await result, { statusCode: 200 });
	assert.is(JSON.parse(invocation.envelope()).body, Buffer.from('ok').toString('base64'));
	assert.equal(stub.source.ends, ['answered']);
});

test('H-145: one that waits is refused as its source says', async () => {
	await using stub = await StubTarget.start();
	stub.source.sleep();
	const result = codeOf(invokeEvent(() => stub.target, invocationOf(EVENT)));
	await stub.source.asked;
	stub.source.failStart(new RuntimeError('ERR_FUNCTION_DISABLED', 'concurrency is 0'));
	assert.is(await result, 'ERR_FUNCTION_DISABLED');
	assert.is(stub.source.entered, 0);
});

test('H-145: one whose function is lost gives its place back', async () => {
	await using stub = await StubTarget.start();
	const result = codeOf(invokeEvent(() => stub.target, invocationOf(EVENT)));
	const peer = await stub.function.peer();
	await peer.head();
	peer.reset();
	assert.is(await result, 'ERR_FUNCTION_EXITED');
	assert.equal(stub.source.ends, ['abandoned']);
});

test('H-145: a body that breaks off gives the place back, and the function is not left waiting', async () => {
	await using stub = await StubTarget.start();
	const body = `${Buffer.from('first').toString('base64')}!!!!`;
	const result = codeOf(
		invokeEvent(() => stub.target, invocationOf({ ...EVENT, body, isBase64Encoded: true })),
	);
	assert.is(await result, 'ERR_EVENT_INVALID');
	assert.equal(stub.source.inFlight, []);
	assert.equal(stub.source.ends, ['abandoned']);
});

test.run();
