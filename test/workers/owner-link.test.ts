import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { passDescriptor } from '../../src/engine/descriptor-passing.ts';
import { socketPair } from '../../src/engine/socket-pair.ts';
import type { OwnerMessage, WorkerMessage } from '../../src/workers/messages.ts';
import { OwnerLink } from '../../src/workers/owner-link.ts';
import { RemoteSource } from '../../src/workers/remote-source.ts';

const test = suite('OwnerLink');

if ('Deno' in globalThis) {
	test('R-26: on Deno there are no such sockets', () => {
		assert.throws(() => socketPair('packets'));
	});
} else {
	test('R-26: a descriptor that did not arrive costs its own connection, and the next is there', async () => {
		const [near, far] = socketPair('packets');
		const said: WorkerMessage[] = [];
		const link = new OwnerLink((message) => said.push(message), far);
		const [lost, next] = [link.socket(1), link.socket(1)];
		const numbers = said.flatMap((message) => (message.kind === 'connect' ? [message.number] : []));
		const [first = 0, second = 0] = numbers;
		assert.ok(passDescriptor(near, { number: second, descriptor: near }));
		link.onMessage({ kind: 'connected', number: first });
		link.onMessage({ kind: 'connected', number: second });
		assert.instance(await lost.catch((error: unknown) => error), Error);
		assert.ok((await next) > far);
	});
}

/** A source of a function of the catalog, and an owner that the test plays. */
function bed() {
	const said: WorkerMessage[] = [];
	const link = new OwnerLink((message) => said.push(message), -1);
	const newSource = () => new RemoteSource({ functionId: 7, version: 'v1' }, link, { begin() {}, end() {} });
	const tell = (message: OwnerMessage): void => void link.onMessage(message);
	const asks = (kind: 'open' | 'want') =>
		said.flatMap((message) => (message.kind === kind && 'ask' in message ? [message.ask] : []));
	const grant = (ask: number, place: number, instance = 1) =>
		tell({ kind: 'grant', ask, place, instance, startedForMs: 2, readyForMs: 1 });
	return { said, link, newSource, tell, asks, grant };
}

test('R-34: a function of the catalog is asked for once, by the first that wants it, and given up by who does not wait for that', async () => {
	const { said, newSource, tell, asks, grant } = bed();
	const source = newSource();
	const [first, given, last] = [source.wait('a'), source.wait('b'), source.wait('c')];
	given.cancel();
	assert.equal(said, [{ kind: 'open', ask: asks('open')[0], of: { functionId: 7, version: 'v1' } }]);
	tell({ kind: 'opened', ask: asks('open')[0] ?? 0, function: 30 });
	const wants = asks('want');
	assert.is(wants.length, 2);
	for (const [place, ask] of wants.entries()) grant(ask, place);
	assert.is(await first.place, await last.place);
	source.wait('d');
	assert.equal(said.at(-1), { kind: 'want', function: 30, ask: asks('want')[2], requestId: 'd' });
	source.retire();
});

test('R-34: who wants what the owner has let go asks anew, and is served', async () => {
	const { said, newSource, tell, asks, grant } = bed();
	const source = newSource();
	const [one, other] = [source.wait('a'), source.wait('b')];
	tell({ kind: 'opened', ask: asks('open')[0] ?? 0, function: 30 });
	for (const ask of asks('want')) tell({ kind: 'gone', ask });
	assert.is(asks('open').length, 2);
	tell({ kind: 'opened', ask: asks('open')[1] ?? 0, function: 31 });
	const again = said.flatMap((message) =>
		message.kind === 'want' && message.function === 31 ? [message] : [],
	);
	assert.equal(
		again.map(({ requestId }) => requestId),
		['a', 'b'],
	);
	for (const { ask } of again) grant(ask, ask);
	await Promise.all([one.place, other.place]);
	source.retire();
});

test('R-34: why a function is not there any more is told to all who waited for it', async () => {
	const { newSource, tell, asks } = bed();
	const source = newSource();
	const waits = [source.wait('a'), source.wait('b')];
	tell({
		kind: 'refuse',
		ask: asks('open')[0] ?? 0,
		error: { code: 'ERR_FUNCTION_NOT_FOUND', message: 'm' },
	});
	const refusals = await Promise.allSettled(waits.map(({ place }) => place));
	assert.equal(
		refusals.map((refusal) => refusal.status === 'rejected' && refusal.reason.code),
		['ERR_FUNCTION_NOT_FOUND', 'ERR_FUNCTION_NOT_FOUND'],
	);
	const retry = source.wait('c');
	assert.is(asks('open').length, 2);
	retry.cancel();
});

test('R-35: requests from before and after a change have their own places on an instance that both are served by', async () => {
	const { said, link, newSource, tell, asks, grant } = bed();
	const [before, after] = [newSource(), newSource()];
	const [old, kept] = [before.wait('old'), before.wait('kept')];
	tell({ kind: 'opened', ask: asks('open')[0] ?? 0, function: 30 });
	for (const [place, ask] of asks('want').entries()) grant(ask, place);
	(await kept.place).release('kept', 'answered');
	link.remove(before);
	assert.equal(said.at(-1), { kind: 'release', place: 1, how: 'answered' });
	const wanted = after.wait('new');
	tell({ kind: 'opened', ask: asks('open')[1] ?? 0, function: 30 });
	grant(asks('want')[2] ?? 0, 2);
	const [had, has] = [await old.place, await wanted.place];
	assert.is.not(had, has);
	has.release('new', 'answered');
	assert.is(after.take('next'), has);
	had.release('old', 'answered');
	assert.equal(said.at(-1), { kind: 'release', place: 0, how: 'answered' });
	const late = before.wait('late');
	assert.is(asks('open').length, 3, 'it asks for what there is now');
	late.cancel();
	const next = newSource();
	next.wait('more');
	tell({ kind: 'opened', ask: asks('open')[3] ?? 0, function: 30 });
	grant(asks('want').at(-1) ?? 0, 3);
	await had.ending;
	after.retire();
	next.retire();
});

test.run();
