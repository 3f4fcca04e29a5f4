/** Requests that have begun, and not come to their function yet, when that is deployed anew. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOf } from '../harness/control-client.ts';
import { RawClient } from '../harness/raw-client.ts';
import { WORKERS, type WorkersBed, workersBed } from '../harness/workers-bed.ts';

const test = suite('deployed anew');

/** A call of the function `one` that its authorizer is at, and that goes on when `released`. */
async function heldCall({ host, done, create, client }: WorkersBed) {
	await create('judge', { strategy_config: { concurrency: 1, concurrent_num: 10 } });
	const release = new URL(await client.trigger('judge', '/release'));
	await client.create('one', 'first');
	await done('authorizer', 'add', 'mine', '--function', 'judge', '--header', 'X-User');
	const url = new URL(await done('trigger', 'add', 'one', '--path', '/one', '--authorizer', 'mine'));
	const port = Number(new URL(host.url).port);
	const [held, other] = [await RawClient.connect(port), await RawClient.connect(port)];
	void held.send(`POST /one HTTP/1.1\r\nHost: ${url.host}\r\nX-User: slow\r\nContent-Length: 4\r\n\r\nbody`);
	await host.running.output('judges slowly');
	return {
		async released() {
			void other.send(`GET /release HTTP/1.1\r\nHost: ${release.host}\r\n\r\n`);
			assert.is((await other.answer()).status, 200);
			return held.answer();
		},
		async [Symbol.asyncDispose]() {
			await held[Symbol.asyncDispose]();
			await other[Symbol.asyncDispose]();
		},
	};
}

for (const count of [1, WORKERS]) {
	test(`A-240: a call that is being judged goes to what was deployed meanwhile, with ${count} gateway processes`, async () => {
		await using the = await workersBed(count);
		await using call = await heldCall(the);
		const path = `fgs/functions/${the.client.urn('one')}`;
		assert.is((await the.client.call('PUT', `${path}/code`, await codeOf('second'))).status, 200);
		const { status, text } = await call.released();
		assert.equal([status, text], [200, 'second']);
	});

	test(`A-240: a call that is being judged is told that its function was removed meanwhile, with ${count} gateway processes`, async () => {
		await using the = await workersBed(count);
		await using call = await heldCall(the);
		assert.is((await the.client.call('DELETE', `fgs/functions/${the.client.urn('one')}`)).status, 204);
		const answer = await call.released();
		assert.is(answer.value('x-httpfn-error'), 'ERR_FUNCTION_NOT_FOUND');
	});
}

test.run();
