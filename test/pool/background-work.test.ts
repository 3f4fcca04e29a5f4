/** Work that goes on without a request: `waitUntil` of edge functions. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportLine } from '../../src/contract/edge-report.ts';
import type { ByteSource } from '../../src/engine/pipe.ts';
import type { Sandbox } from '../../src/process/sandbox.ts';
import { SETTINGS } from '../contract/settings-fixture.ts';
import { PortIsolation } from '../harness/port-isolation.ts';
import { poolBed } from './pool-support.ts';

const test = suite('background work');

/** What the host of a function tells when the test says so. */
class Reports implements ByteSource {
	readonly #lines: Buffer[] = [];
	#wake: () => void = () => {};
	#ended = false;

	working(working: boolean): void {
		this.#lines.push(Buffer.from(reportLine({ kind: 'working', working })));
		this.#wake();
	}

	destroy(): void {
		this.#ended = true;
		this.#wake();
	}

	async *[Symbol.asyncIterator]() {
		while (!this.#ended) {
			const line = this.#lines.shift();
			if (line !== undefined) yield line;
			else await new Promise<void>((resolve) => (this.#wake = resolve));
		}
	}
}

class ReportingIsolation extends PortIsolation {
	readonly reports = new Reports();

	override async start(): Promise<Sandbox> {
		return Object.assign(await super.start(), { report: this.reports });
	}
}

test('X-13: an instance that works is kept beyond the idle time, and leaves when it is done', async () => {
	const isolation = new ReportingIsolation();
	await using bed = poolBed({ idleSeconds: 0.05 }, { isolation });
	const place = await bed.place('1');
	isolation.reports.working(true);
	place.release('1', 'answered');
	// Others are idle for as long, and leave.
	const other = poolBed({ idleSeconds: 0.05 });
	const idle = await other.place('1');
	idle.release('1', 'answered');
	await idle.ending;
	await other.pool.stop();
	assert.is(bed.pool.stats().ready, 1);
	isolation.reports.working(false);
	await place.ending;
});

test('X-13: a stop waits for work within its grace, and no longer', async () => {
	for (const finishes of [true, false]) {
		const isolation = new ReportingIsolation();
		await using bed = poolBed({}, { isolation });
		const place = await bed.place('1');
		isolation.reports.working(true);
		place.release('1', 'answered');
		const graceMs = finishes ? 60_000 : 100;
		const stopped = bed.pool.retire(graceMs);
		assert.not.ok(isolation.sandboxes[0]?.calls.includes('end'));
		if (finishes) isolation.reports.working(false);
		await stopped;
		assert.ok(isolation.sandboxes[0]?.calls.includes('end'));
	}
});

test('X-13: who claims to work for longer than the function’s timeout is idle all the same', async () => {
	const isolation = new ReportingIsolation();
	const settings = { ...SETTINGS, timeoutSeconds: -0.95 };
	await using bed = poolBed({ idleSeconds: 0.05 }, { isolation, settings });
	const place = await bed.place('1');
	isolation.reports.working(true);
	place.release('1', 'answered');
	await place.ending;
});

test.run();
