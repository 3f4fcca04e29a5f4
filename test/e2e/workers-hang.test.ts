/** A gateway process that is stopped, for a while or for good, while what is deployed changes. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOf } from '../harness/control-client.ts';
import { until } from '../harness/until.ts';
import { clientOfEach, workersOf } from '../harness/worker-clients.ts';
import { asked, textOf, WORKERS, workersBed } from '../harness/workers-bed.ts';

const test = suite('a worker that does not answer');

test('R-13: a change is answered when the last worker goes by it, and not before', async () => {
	await using the = await workersBed();
	const { client, workers } = the;
	await client.create('one', 'first');
	const url = await client.trigger('one', '/one');
	assert.equal(await asked(workers, textOf(url)), ['first', 'first']);
	const [quick, slow] = workers;
	assert.ok(quick && slow);
	process.kill(slow.pid, 'SIGSTOP');
	let answered = false;
	const path = `fgs/functions/${client.urn('one')}/code`;
	const change = client.call('PUT', path, await codeOf('second')).finally(() => {
		answered = true;
	});
	await until('one worker goes by it', async () => ((await quick.ask(url)).text === 'second' ? true : null));
	assert.not.ok(answered);
	process.kill(slow.pid, 'SIGCONT');
	assert.is((await change).status, 200);
	assert.is((await slow.ask(url)).text, 'second');
});

test('R-36: a worker that hangs is ended and replaced, so that a change is answered, and its successor goes by that', async () => {
	await using the = await workersBed();
	const { host, client, workers } = the;
	await client.create('one', 'first');
	const url = await client.trigger('one', '/one');
	assert.equal(await asked(workers, textOf(url)), ['first', 'first']);
	const [other, hanging] = workers;
	assert.ok(other && hanging);
	process.kill(hanging.pid, 'SIGSTOP');
	const path = `fgs/functions/${client.urn('one')}/code`;
	const changes = [client.call('PUT', path, await codeOf('second')), client.create('two', 'more')];
	assert.equal(
		(await Promise.all(changes)).map(({ status }) => status),
		[200, 200],
	);
	const told = host.running.records.filter(({ pid }) => pid === hanging.pid);
	assert.match(String(told[0]?.message), /^a gateway process did not answer within 5000 ms/);
	assert.is((await other.ask(url)).text, 'second');
	await until('another took its place', () => {
		const now = workersOf(host.running);
		return now.length === WORKERS && now.every(({ pid }) => pid !== hanging.pid) ? true : null;
	});
	const again = await clientOfEach(host.running, host.url);
	assert.equal(await asked(again, textOf(url)), ['second', 'second']);
	for (const worker of again) await worker[Symbol.asyncDispose]();
});

test.run();
