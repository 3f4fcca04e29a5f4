import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SharedBudget } from '../../src/base/shared-budget.ts';
import { RuntimeError } from '../../src/contract/errors.ts';
import { PortIsolation } from '../harness/port-isolation.ts';
import { poolBed, refusal } from './pool-support.ts';

const test = suite('instance pool');
const REFUSAL = new RuntimeError('ERR_BOOTSTRAP_MISSING', 'no bootstrap');

test('P-1: fifty requests at once start fifty instances side by side, each with one request', async () => {
	await using bed = poolBed();
	const places = await Promise.all(Array.from({ length: 50 }, (_, index) => bed.place(`r${index}`)));
	assert.is(new Set(places).size, 50);
	assert.is(bed.isolation.starts, 50);
	for (const [index, place] of places.entries()) place.release(`r${index}`, 'answered');
	assert.equal(bed.pool.stats(), { starting: 0, ready: 50, leaving: 0, requests: 0, waiting: 0, starts: 50 });
});

test('P-2: an instance takes as many requests at once as concurrent_num says, and no more are started than that needs', async () => {
	await using bed = poolBed({ requestsPerInstanceMax: 10 });
	const places = await Promise.all(Array.from({ length: 25 }, (_, index) => bed.place(`r${index}`)));
	assert.is(bed.isolation.starts, 3);
	const loads = [...new Set(places)].map((place) => places.filter((other) => other === place).length);
	assert.ok(Math.max(...loads) <= 10, String(loads));
	for (const [index, place] of places.entries()) place.release(`r${index}`, 'answered');
});

test('P-3: the least loaded instance is taken, and of several idle ones the one used last', async () => {
	await using bed = poolBed({ requestsPerInstanceMax: 2 });
	const [a, b, c] = await Promise.all([bed.place('1'), bed.place('2'), bed.place('3')]);
	assert.is(a, b, 'two on the first');
	assert.is.not(a, c);
	assert.is(bed.pool.take('4'), c, 'the other has a free place');
	c.release('3', 'answered');
	c.release('4', 'answered');
	a.release('1', 'answered');
	assert.is(bed.pool.take('5'), c, 'no request before one');
	c.release('5', 'answered');
	a.release('2', 'answered');
	assert.is(bed.pool.take('6'), a, 'used last');
	a.release('6', 'answered');
});

test('P-4: a waiting request takes an instance that gets free first, and no second one is started for it', async () => {
	await using bed = poolBed();
	const first = await bed.place('1');
	bed.isolation.shut();
	const second = bed.place('2');
	await bed.isolation.started(2);
	first.release('1', 'answered');
	assert.is(await second, first);
	assert.is(bed.isolation.starts, 2);
	bed.isolation.open();
	first.release('2', 'answered');
});

test('P-5: beyond the most instances requests wait in their order; beyond the queue they get ERR_TOO_MANY_REQUESTS', async () => {
	await using bed = poolBed({ instancesMax: 1, queueMax: 2 });
	const first = await bed.place('1');
	const order: string[] = [];
	const waits = ['2', '3'].map((id) => bed.pool.wait(id).place.then((place) => ({ id, place })));
	assert.is(await refusal(bed.pool.wait('4').place), 'ERR_TOO_MANY_REQUESTS');
	first.release('1', 'answered');
	for (const wait of waits) {
		const { id, place } = await wait;
		order.push(id);
		place.release(id, 'answered');
	}
	assert.equal(order, ['2', '3']);
	assert.is(bed.isolation.starts, 1);
});

test('P-6: a request that waits longer than the queue allows gets ERR_TOO_MANY_REQUESTS', async () => {
	await using bed = poolBed({ instancesMax: 1, queueSeconds: 0.05 });
	const first = await bed.place('1');
	assert.is(await refusal(bed.pool.wait('2').place), 'ERR_TOO_MANY_REQUESTS');
	first.release('1', 'answered');
});

test('P-7: a start has a limit of its own: whoever an instance is started for outwaits the queue’s deadline', async () => {
	await using bed = poolBed({ queueSeconds: 0.05 });
	const other = poolBed({ instancesMax: 1, queueSeconds: 0.06 });
	const holder = await other.place('x');
	bed.isolation.shut();
	const waiting = bed.place('1');
	// Longer than the deadline of the pool under test: the other pool's is.
	assert.is(await refusal(other.pool.wait('y').place), 'ERR_TOO_MANY_REQUESTS');
	bed.isolation.open();
	(await waiting).release('1', 'answered');
	holder.release('x', 'answered');
	await other.pool.stop();
});

test('P-8: concurrency 0 disables the function', async () => {
	await using bed = poolBed({ instancesMax: 0 });
	assert.is(await refusal(bed.place('1')), 'ERR_FUNCTION_DISABLED');
	assert.is(bed.isolation.starts, 0);
});

test('P-9: what the host’s isolation allows bounds every function', async () => {
	await using bed = poolBed({ instancesMax: -1, queueMax: 0 }, { isolation: new PortIsolation(2) });
	const places = await Promise.all([bed.place('1'), bed.place('2')]);
	assert.is(await refusal(bed.place('3')), 'ERR_TOO_MANY_REQUESTS');
	for (const [index, place] of places.entries()) place.release(String(index + 1), 'answered');
});

test('P-10: a request that leaves while it waits gives up its turn, and a place that comes nevertheless goes to the next', async () => {
	await using bed = poolBed({ instancesMax: 1 });
	const first = await bed.place('1');
	const gone = bed.pool.wait('2');
	const next = bed.pool.wait('3');
	gone.cancel();
	first.release('1', 'answered');
	const place = await next.place;
	const late = bed.pool.wait('4');
	place.release('3', 'answered');
	late.cancel();
	late.cancel();
	assert.is(bed.pool.stats().requests, 0);
	const last = bed.pool.take('5');
	assert.is(last, place);
	last?.release('5', 'answered');
});

test('P-11: a start that is refused is told to everybody who waits, where no other instance lives', async () => {
	await using bed = poolBed();
	bed.isolation.shut();
	bed.isolation.next(...Array.from({ length: 3 }, () => ({ kind: 'refuse' as const, error: REFUSAL })));
	const waits = ['1', '2', '3'].map((id) => refusal(bed.place(id)));
	bed.isolation.open();
	assert.equal(await Promise.all(waits), Array(3).fill('ERR_BOOTSTRAP_MISSING'));
});

test('P-12: an instance that dies as it starts costs the requests it was started for, and no others', async () => {
	await using bed = poolBed();
	bed.isolation.shut();
	bed.isolation.next({ kind: 'crash' });
	const waits = ['1', '2'].map((id) => bed.place(id));
	await bed.isolation.started(2);
	bed.isolation.open();
	const outcomes = await Promise.allSettled(waits);
	assert.equal(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
	for (const [index, outcome] of outcomes.entries()) {
		if (outcome.status === 'fulfilled') outcome.value.release(String(index + 1), 'answered');
		else assert.is(outcome.reason.code, 'ERR_FUNCTION_INIT_EXITED');
	}
});

test('P-13: an instance that dies is replaced when it is wanted; a crash loop backs off, and then ERR_FUNCTION_CRASH_LOOP', async () => {
	await using bed = poolBed({ instancesMax: 1 });
	const first = await bed.place('1');
	bed.isolation.sandboxes[0]?.kill();
	await first.ending;
	first.release('1', 'abandoned');
	const second = await bed.place('2');
	assert.is.not(second, first);
	second.release('2', 'answered');
	bed.isolation.sandboxes[1]?.kill();
	await second.ending;
	bed.isolation.next(...Array.from({ length: 20 }, () => ({ kind: 'crash' as const })));
	let code = '';
	for (let tries = 0; code !== 'ERR_FUNCTION_CRASH_LOOP' && tries < 20; tries++) {
		code = await refusal(bed.place(`try ${tries}`));
	}
	assert.is(code, 'ERR_FUNCTION_CRASH_LOOP');
	const { fields } = await bed.log.record(({ fields: { nextStartMs } }) => Number(nextStartMs) > 1000);
	assert.ok(Number(fields.deathsInARow) >= 5);
});

test('P-14: a timeout on an instance of one request at a time replaces it at once', async () => {
	await using bed = poolBed();
	const first = await bed.place('1');
	first.release('1', 'timeout');
	await first.ending;
	const second = await bed.place('2');
	assert.is.not(second, first);
	second.release('2', 'answered');
});

test('P-15: of several at a time, three timeouts without an answer between them replace it; those in flight may finish', async () => {
	await using bed = poolBed({ requestsPerInstanceMax: 10 });
	const first = await bed.place('1');
	for (const id of ['2', '3', '4', '5', '6']) assert.is(bed.pool.take(id), first);
	first.release('1', 'timeout');
	first.release('2', 'timeout');
	first.release('3', 'answered');
	first.release('4', 'timeout');
	first.release('5', 'timeout');
	assert.is(bed.pool.take('7'), first, 'an answer begins the count anew');
	first.release('7', 'timeout');
	const second = await bed.place('8');
	assert.is.not(second, first);
	assert.equal(bed.isolation.sandboxes[0]?.calls.includes('end'), false, 'one request is in flight still');
	first.release('6', 'answered');
	await bed.isolation.sandboxes[0]?.called('end');
	second.release('8', 'answered');
});

test('P-16: after retire no request is taken, those that were admitted are served, and then every instance ends', async () => {
	const bed = poolBed({ instancesMax: 1 });
	const first = await bed.place('1');
	const waiting = bed.pool.wait('2').place;
	const retired = bed.pool.retire(10_000);
	assert.is(bed.pool.take('3'), null);
	assert.is(await refusal(bed.pool.wait('3').place), 'ERR_DRAINING');
	first.release('1', 'answered');
	(await waiting).release('2', 'answered');
	await retired;
	assert.equal(await bed.isolation.sandboxes[0]?.exited, { code: null, signal: 'SIGKILL', memory: null });
});

test('P-17: stop ends every instance, those being started too, and whoever waits gets ERR_DRAINING', async () => {
	const bed = poolBed({ instancesMax: 2 });
	const first = await bed.place('1');
	bed.isolation.shut();
	const waits = ['2', '3'].map((id) => refusal(bed.pool.wait(id).place));
	await bed.isolation.started(2);
	const stopped = bed.pool.stop();
	bed.isolation.open();
	assert.equal(await Promise.all(waits), ['ERR_DRAINING', 'ERR_DRAINING']);
	await stopped;
	await bed.pool.stop();
	first.release('1', 'abandoned');
	await Promise.all(bed.isolation.sandboxes.map(({ exited }) => exited));
});

test('P-18: instances that die together count as one death: the next request starts one at once', async () => {
	await using bed = poolBed();
	const ids = Array.from({ length: 8 }, (_, index) => `r${index}`);
	const places = await Promise.all(ids.map((id) => bed.place(id)));
	for (const sandbox of bed.isolation.sandboxes) sandbox.kill();
	await Promise.all(places.map(({ ending }) => ending));
	for (const [index, place] of places.entries()) place.release(ids[index] ?? '', 'abandoned');
	(await bed.place('next')).release('next', 'answered');
	const delays = bed.log.records.filter(({ fields }) => fields.code === 'ERR_FUNCTION_CRASH_LOOP');
	assert.equal(delays, []);
});

test('P-19: those who wait do not wait for the last requests of an instance that is replaced', async () => {
	await using bed = poolBed({ instancesMax: 1, requestsPerInstanceMax: 4 });
	const first = await bed.place('1');
	for (const id of ['2', '3', '4']) assert.is(bed.pool.take(id), first);
	// Three time out, and whoever comes waits, those before the third on the places given back.
	const waiting = ['5', '6', '7'].map((id) => bed.pool.wait(id).place);
	for (const id of ['1', '2']) first.release(id, 'timeout');
	assert.is(await waiting[0], first);
	assert.is(await waiting[1], first);
	first.release('3', 'timeout');
	const second = await waiting[2];
	assert.is.not(second, first);
	assert.equal(bed.pool.stats().leaving, 1, 'requests are in flight on it still');
	for (const id of ['4', '5', '6']) first.release(id, 'answered');
	second?.release('7', 'answered');
});

test('P-28: a retired pool whose last waiter has left ends at once, not when its grace is over', async () => {
	const bed = poolBed();
	bed.isolation.shut();
	const waiter = bed.pool.wait('1');
	await bed.isolation.started(1);
	const retired = bed.pool.retire(3_600_000);
	const again = bed.pool.retire(3_600_000);
	waiter.cancel();
	bed.isolation.open();
	await Promise.all([retired, again]);
	assert.is(bed.pool.stats().ready, 0);
});

test('G-55: requests of all functions that wait are bounded together, and one function leaves room for others', async () => {
	const waiting = new SharedBudget(10);
	const bedOf = () => poolBed({ instancesMax: 1 }, { waitingRoom: waiting.shareOf({}) });
	await using greedy = bedOf();
	await using modest = bedOf();
	await Promise.all([greedy.place('first'), modest.place('first')]);
	const waits = Array.from({ length: 8 }, (_, index) => greedy.pool.wait(`r${index}`));
	assert.is(await refusal(greedy.pool.wait('too many').place), 'ERR_OVERLOADED');
	const other = modest.pool.wait('other');
	assert.equal([greedy.pool.stats().waiting, modest.pool.stats().waiting], [8, 1]);
	// Who leaves makes room.
	for (const wait of waits.slice(0, 4)) wait.cancel();
	const again = greedy.pool.wait('again');
	assert.is(greedy.pool.stats().waiting, 5);
	for (const wait of [...waits.slice(4), again, other]) wait.cancel();
	assert.is(waiting.used, 0);
});

test.run();
