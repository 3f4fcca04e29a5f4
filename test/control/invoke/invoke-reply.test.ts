/** The two forms of an invocation's answer, over a real connection. */
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RuntimeError } from '../../../src/contract/errors.ts';
import { InvokeReply, type InvokeReplyOptions } from '../../../src/control/invoke/invoke-reply.ts';
import { Reply } from '../../../src/control/reply.ts';
import type { LogLine } from '../../../src/telemetry/recent-lines.ts';

const ID = 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6';
const ENVELOPE =
	'{"statusCode":200,"headers":{"X":["a \\"b\\" \\\\ 你"]},"isBase64Encoded":true,"body":"aGk="}';

interface Got {
	readonly status: number;
	readonly header: (name: string) => string | undefined;
	readonly text: string;
}

const test = suite('the answer to an invocation');

/** What a client gets of what `answer` does. */
async function got(
	given: Partial<InvokeReplyOptions>,
	answer: (reply: InvokeReply) => Promise<void>,
): Promise<Got> {
	const server = createServer((_request, response: ServerResponse) => {
		const reply = new Reply(response, new AbortController().signal);
		const options = { form: 'envelope', memoryMb: 128, tail: false, lines: () => [] } as const;
		void answer(new InvokeReply({ reply, requestId: ID, ...options, ...given }));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false });
	const [response] = (await once(request, 'response')) as [IncomingMessage];
	const chunks: Buffer[] = [];
	for await (const chunk of response) chunks.push(chunk as Buffer);
	server.close();
	return {
		status: response.statusCode ?? 0,
		header: (name) => response.headers[name.toLowerCase()]?.toString(),
		text: Buffer.concat(chunks).toString('utf8'),
	};
}

function line(requestId: string, text: string): LogLine {
	return { timeMs: 0, version: 'latest', stream: 'stdout', requestId, text };
}

test('A-150: request version v0 answers the envelope itself, with the platform’s headers', async () => {
	const answer = await got({}, async (reply) => {
		await reply.write(Buffer.from(ENVELOPE));
		await reply.end();
	});
	assert.is(answer.text, ENVELOPE);
	assert.is(answer.header('X-Cff-Request-Id'), ID);
	assert.is(answer.header('X-Func-Err-Code'), '0');
	assert.is(answer.header('X-Is-Func-Err'), 'false');
	assert.is(answer.header('X-Cff-Response-Version'), 'v0');
	assert.match(answer.header('X-CFF-Billing-Duration') ?? '', /^\d+$/);
	assert.is(JSON.parse(answer.header('X-Cff-Invoke-Summary') ?? '').memorySize, 128);
	assert.is(answer.header('X-Cff-Function-Log'), undefined);
});

test('A-150: request version v1 answers JSON in which the envelope is a text, however its bytes are cut', async () => {
	const answer = await got({ form: 'json' }, async (reply) => {
		for (const byte of Buffer.from(ENVELOPE)) await reply.write(Buffer.of(byte));
		await reply.end();
	});
	assert.equal(JSON.parse(answer.text), { request_id: ID, status: 200, result: ENVELOPE, log: '' });
});

test('A-150: an envelope too long to wait for flows, and is the same', async () => {
	const long = `${ENVELOPE}${'\\"'.repeat(200_000)}`;
	for (const form of ['json', 'envelope'] as const) {
		const answer = await got({ form }, async (reply) => {
			for (let at = 0; at < long.length; at += 10_000)
				await reply.write(Buffer.from(long.slice(at, at + 10_000)));
			await reply.end();
		});
		assert.is(form === 'json' ? JSON.parse(answer.text).result : answer.text, long);
	}
});

test('A-151: X-Cff-Log-Type: tail answers the last 2 KB of what the request wrote, in Base64', async () => {
	const lines = [
		line('other', 'not this'),
		...Array.from({ length: 100 }, (_, index) => line(ID, `line ${index}`)),
	];
	const answer = await got({ form: 'json', tail: true, lines: () => lines }, (reply) => reply.end());
	const log = Buffer.from(JSON.parse(answer.text).log, 'base64').toString('utf8');
	assert.is(answer.header('X-Cff-Function-Log'), JSON.parse(answer.text).log);
	assert.is(log.length, 2048);
	assert.match(log, /1970-01-01T00:00:00Z line 99\n$/);
	assert.not.match(log, 'not this');
});

test('A-152: a failure of the function is a result, with its number in the headers', async () => {
	const error = new RuntimeError('ERR_FUNCTION_TIMEOUT', 'the function did not answer within 3 s');
	const answer = await got({ form: 'json' }, async (reply) => {
		assert.ok(reply.canTell(error));
		assert.not(reply.canTell(new RuntimeError('ERR_EVENT_INVALID', 'no event')));
		await reply.fail(error);
	});
	assert.is(answer.status, 200);
	assert.is(answer.header('X-Is-Func-Err'), 'true');
	assert.is(answer.header('X-Func-Err-Code'), '4010');
	assert.equal(JSON.parse(JSON.parse(answer.text).result), { errorCode: '4010', message: error.message });
});

test.run();
