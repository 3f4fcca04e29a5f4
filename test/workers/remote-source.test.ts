import { setTimeout as delay } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { OwnerMessage, WorkerMessage } from '../../src/workers/messages.ts';
import { OwnerLink } from '../../src/workers/owner-link.ts';
import { RemoteSource } from '../../src/workers/remote-source.ts';
import { until } from '../harness/until.ts';

const test = suite('RemoteSource');

type Want = Extract<WorkerMessage, { kind: 'want' }>;
type Release = Extract<WorkerMessage, { kind: 'release' }>;

/** A worker's side with an owner that the test plays. */
function bed() {
	const said: WorkerMessage[] = [];
	const link = new OwnerLink((message) => said.push(message), -1);
	const marks = { begin() {}, end() {} };
	const source = new RemoteSource(1, link, marks);
	link.add(source);
	const tell = (message: OwnerMessage): void => void link.onMessage(message);
	const wants = () => said.filter((message): message is Want => message.kind === 'want');
	const grant = (ask: number, place: number, instance = 1): void =>
		tell({ kind: 'grant', ask, place, instance, startedForMs: 20, readyForMs: 10 });
	const released = () => said.filter((message): message is Release => message.kind === 'release');
	/** A place for the request, asked of the owner. */
	const place = async (requestId: string, number: number, instance = 1) => {
		const wait = source.wait(requestId);
		grant(wants().at(-1)?.ask ?? 0, number, instance);
		return wait.place;
	};
	return { said, source, tell, wants, grant, released, place };
}

test('R-17: as many requests at a time as there are places cost no message', async () => {
	const { said, source, place } = bed();
	const instances = [await place('a', 0), await place('b', 1)];
	for (const [index, instance] of instances.entries()) instance.release(index === 0 ? 'a' : 'b', 'answered');
	const before = said.length;
	for (let count = 0; count < 1000; count++) {
		const first = source.take(`x${count}`);
		const second = source.take(`y${count}`);
		assert.is(first, instances[0]);
		assert.is(second, instances[0], 'the same object for every request on an instance');
		assert.is(source.take('none'), null);
		first?.release(`x${count}`, 'answered');
		second?.release(`y${count}`, 'answered');
	}
	assert.is(said.length, before);
	source.retire();
});

test('R-17: what lies idle for a period goes back, and what is used does not', async () => {
	const { source, released, place } = bed();
	const instances = [await place('a', 0, 1), await place('b', 1, 2)];
	instances[0]?.release('a', 'answered');
	instances[1]?.release('b', 'answered');
	const busy = source.take('c');
	assert.ok(busy);
	await until('the idle one has gone back', () => (released().length > 0 ? true : null));
	await delay(250);
	assert.is(released().length, 1);
	busy?.release('c', 'answered');
	await until('so has the other', () => (released().length === 2 ? true : null));
});

test('R-17: the instance with the fewest requests of this worker is taken', async () => {
	const { source, place } = bed();
	const one = [await place('a', 0, 1), await place('b', 1, 1), await place('c', 2, 2)];
	one[0]?.release('a', 'answered');
	one[2]?.release('c', 'answered');
	// The first instance has a request still.
	assert.is(source.take('d'), one[2]);
	assert.is(source.take('e'), one[0]);
	source.retire();
});

test('R-18: timed out, abandoned, while others wait or when the owner wants it: a place goes back at once', async () => {
	const { source, tell, released, place, said, wants } = bed();
	const instance = await place('a', 0);
	instance.release('a', 'timeout');
	await place('b', 1);
	instance.release('b', 'abandoned');
	await place('c', 2);
	const waiting = source.wait('d');
	waiting.place.catch(() => {});
	assert.is(source.take('e'), null, 'those who wait come first');
	instance.release('c', 'answered');
	waiting.cancel();
	waiting.cancel();
	await place('f', 3);
	instance.release('f', 'answered');
	assert.is(released().length, 3);
	tell({ kind: 'share', function: 1, round: 9 });
	assert.equal(said.at(-1), { kind: 'shared', function: 1, round: 9 });
	assert.equal(
		released().map(({ place: number, how }) => [number, how]),
		[
			[0, 'timeout'],
			[1, 'abandoned'],
			[2, 'answered'],
			[3, 'answered'],
		],
	);
	assert.is(said.filter(({ kind }) => kind === 'cancel').length, 1);
	assert.is(wants().length, 5);
});

test('R-18: a place that comes for a request which was given up goes back, and so do those of an instance that ends', async () => {
	const { source, tell, wants, grant, released, place } = bed();
	const given = source.wait('a');
	given.cancel();
	grant(wants()[0]?.ask ?? 0, 0);
	assert.is(released().length, 1);
	const late = source.wait('b');
	grant(wants()[1]?.ask ?? 0, 1);
	// Granted, and given up before anybody could hear of it.
	late.cancel();
	assert.is(released().length, 2);
	const instance = await place('c', 2);
	instance.release('c', 'answered');
	tell({ kind: 'ending', instance: 1 });
	await instance.ending;
	assert.is(released().length, 3);
	assert.is(source.take('d'), null);
});

test('R-2: what the owner refuses is refused with its words', async () => {
	const { source, tell, wants } = bed();
	const wait = source.wait('a');
	const error = { code: 'ERR_TOO_MANY_REQUESTS', message: 'every place is taken' } as const;
	tell({ kind: 'refuse', ask: wants()[0]?.ask ?? 0, error });
	const refused = await wait.place.catch((reason: unknown) => reason);
	assert.equal(
		[(refused as Error & typeof error).code, (refused as Error).message],
		[error.code, error.message],
	);
});

test.run();
