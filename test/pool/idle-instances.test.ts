import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RuntimeError } from '../../src/contract/errors.ts';
import { PortIsolation } from '../harness/port-isolation.ts';
import { poolBed, refusal } from './pool-support.ts';

const test = suite('idle and reserved instances');

test('P-20: an instance without a request leaves after the idle time', async () => {
	await using bed = poolBed({ idleSeconds: 0.05 });
	const place = await bed.place('1');
	place.release('1', 'answered');
	await place.ending;
	await bed.isolation.sandboxes[0]?.called('end');
	assert.is(bed.pool.stats().ready, 0);
});

test('P-21: a busy instance does not leave, however long its request takes', async () => {
	await using bed = poolBed({ idleSeconds: 0.05 });
	const [busy, idle] = await Promise.all([bed.place('1'), bed.place('2')]);
	idle.release('2', 'answered');
	await idle.ending;
	assert.is(bed.pool.stats().ready, 1);
	busy.release('1', 'answered');
	await busy.ending;
});

test('P-22: reserved instances are started ahead, and are kept when idle', async () => {
	await using bed = poolBed({ idleSeconds: 0.05, reserved: { count: 2, tactics: [] } });
	await bed.isolation.started(2);
	const places = await Promise.all([bed.place('1'), bed.place('2'), bed.place('3')]);
	assert.is(bed.isolation.starts, 3);
	for (const [index, place] of places.entries()) place.release(String(index + 1), 'answered');
	await Promise.race(places.map(({ ending }) => ending));
	assert.is(bed.pool.stats().ready, 2);
});

test('P-23: a reserved instance that dies is replaced without a request', async () => {
	await using bed = poolBed({ reserved: { count: 1, tactics: [] } });
	(await bed.place('1')).release('1', 'answered');
	bed.isolation.sandboxes[0]?.kill();
	await bed.isolation.started(2);
});

test('P-24: eager keeps one instance from the beginning', async () => {
	await using bed = poolBed({}, { eager: true });
	await bed.isolation.started(1);
});

test('P-25: a reserved instance that cannot be started is tried again later, and requests are told why meanwhile', async () => {
	const isolation = new PortIsolation();
	isolation.next({ kind: 'refuse', error: new RuntimeError('ERR_BOOTSTRAP_EMPTY', 'empty') });
	isolation.shut();
	await using bed = poolBed({ reserved: { count: 1, tactics: [] } }, { isolation });
	const told = refusal(bed.place('1'));
	await isolation.started(1);
	isolation.open();
	assert.is(await told, 'ERR_BOOTSTRAP_EMPTY');
	(await bed.place('2')).release('2', 'answered');
});

test('P-26: with idle freeze an idle instance is frozen, and thawed by the next request before it is given out', async () => {
	await using bed = poolBed({ idle: 'freeze' });
	const place = await bed.place('1');
	place.release('1', 'answered');
	const [sandbox] = bed.isolation.sandboxes;
	await sandbox?.called('freeze');
	assert.is(bed.pool.take('2'), place);
	assert.equal(sandbox?.calls.slice(-1), ['thaw']);
	place.release('2', 'answered');
});

test('P-29: at a tactic’s moment its instances are started without a request, and after its end they leave when idle', async () => {
	// A pool's timers keep no process alive, and nothing else does before the first start.
	const alive = setInterval(() => {}, 60_000);
	const startMs = Date.now();
	const tactic = { name: 'soon', cron: '* * * * * ?', count: 2, startMs, endMs: startMs + 1_500 };
	await using bed = poolBed({ idleSeconds: 0.05, reserved: { count: 0, tactics: [tactic] } });
	assert.is(bed.isolation.starts, 0);
	await bed.isolation.started(2);
	clearInterval(alive);
	await bed.log.record(() => bed.isolation.sandboxes.length === 2);
	await bed.isolation.sandboxes[0]?.called('end');
	await bed.isolation.sandboxes[1]?.called('end');
	assert.ok(Date.now() >= tactic.endMs, 'not before its end');
	assert.is(bed.isolation.starts, 2);
});

test.run();
