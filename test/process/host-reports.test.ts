import { setImmediate } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportLine } from '../../src/contract/edge-report.ts';
import type { ByteSource } from '../../src/engine/pipe.ts';
import { HostReports } from '../../src/process/host-reports.ts';

const test = suite('reports of the host of an edge function');

function source(...pieces: string[]): ByteSource & { readonly taken: number; readonly destroyed: boolean } {
	let [taken, destroyed] = [0, false];
	return {
		async *[Symbol.asyncIterator]() {
			for (const piece of pieces) {
				if (destroyed) return;
				taken += 1;
				yield Buffer.from(piece);
			}
		},
		destroy() {
			destroyed = true;
		},
		get taken() {
			return taken;
		},
		get destroyed() {
			return destroyed;
		},
	};
}

test('X-13: it works from one report to the other, and not after its end', async () => {
	const reports = new HostReports();
	const seen: boolean[] = [];
	reports.onWorking = () => seen.push(reports.working);
	const [on, off] = [true, false].map((working) => reportLine({ kind: 'working', working }));
	await reports.read(source(`${on}${on}`, `${off}`, `${on}`));
	assert.equal(seen, [true, false, true, false]);
});

test('X-10: the first failure stands, and what is no report is passed over', async () => {
	const reports = new HostReports();
	const failure = reportLine({ kind: 'failed', code: 'ERR_EDGE_LOAD', message: 'first' });
	const other = reportLine({ kind: 'failed', code: 'ERR_EDGE_HANDLER', message: 'second' });
	const junk = [
		'{',
		'null',
		'[]',
		'{"kind":"working","working":1}',
		'{"kind":"failed","code":"ERR_INTERNAL","message":""}',
	];
	await reports.read(
		source(...junk.map((line) => `${line}\n`), failure.slice(0, 9), failure.slice(9), other),
	);
	assert.equal([reports.failure?.code, reports.failure?.message], ['ERR_EDGE_LOAD', 'first']);
	assert.is(reports.loaded, false);
	assert.is(reports.working, false);
});

test('X-21: a function that floods the pipe is read at a pace, and no further where it writes what is no report', async () => {
	const toggles = [true, false].map((working) => reportLine({ kind: 'working', working })).join('');
	const paced = source(...Array.from({ length: 1_000 }, () => toggles.repeat(1_000)));
	void new HostReports().read(paced);
	for (let turn = 0; turn < 100; turn += 1) await setImmediate();
	assert.ok(paced.taken < 100, `${paced.taken} of 1000 pieces were read at once`);
	paced.destroy();

	const junk = source('\n'.repeat(60_000), reportLine({ kind: 'loaded' }));
	const reports = new HostReports();
	await reports.read(junk);
	assert.equal([junk.destroyed, junk.taken, reports.loaded], [true, 1, false]);
});

test.run();
