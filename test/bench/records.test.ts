/** Records as files, and what a run that is not in its plan leaves out. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isPlanned } from '../../src/bench/bench-plan.ts';
import { judgeOutputs, readBenchRecord } from '../../src/bench/conclude.ts';
import { cpuMicros, memoryUse } from '../../src/bench/process-meter.ts';

const test = suite<{ folder: string }>('bench/records');

test.before.each((context) => {
	context.folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const NOWHERE = { saveFile: null, jsonFile: null, reportFile: null, allowed: 0.05 };

test('B-77: a file that is no record is refused with the place of what is wrong', ({ folder }) => {
	for (const [name, text, wanted] of [
		['text', 'no JSON', 'no JSON'],
		['other', '{"format":"other/2"}', 'format'],
	] as const) {
		const file = join(folder, name);
		writeFileSync(file, text);
		try {
			readBenchRecord(file);
			assert.unreachable();
		} catch (error) {
			assert.instance(error, TypeError);
			assert.ok(String(error).includes(file) && String(error).includes(wanted), String(error));
		}
	}
});

test('B-77: a file that can not be written is refused before anything is measured', ({ folder }) => {
	judgeOutputs({ ...NOWHERE, saveFile: join(folder, 'new.json') });
	assert.throws(() => judgeOutputs({ ...NOWHERE, jsonFile: folder }), /folder/);
	assert.throws(
		() => judgeOutputs({ ...NOWHERE, reportFile: join(folder, 'none/x.html') }),
		/can not be written/,
	);
});

test('B-78: a plan takes measures by the beginning of their ids', () => {
	const plan = { rounds: 1, seconds: 1, rate: 1, path: '/', only: ['warm/plain', 'cold'] };
	assert.ok(isPlanned(plan, 'warm/plain/1KB/kept'));
	assert.ok(isPlanned(plan, 'cold/direct'));
	assert.ok(isPlanned(plan, 'warm/'));
	assert.not(isPlanned(plan, 'warm/invoke/0/new'));
	assert.not(isPlanned(plan, 'memory/'));
	assert.ok(isPlanned({ ...plan, only: [] }, 'memory/'));
});

test('B-79: processor time counts what a process has worked, to fractions of a millisecond, and memory what it holds', () => {
	const before = cpuMicros(process.pid);
	const untilMs = performance.now() + 30;
	while (performance.now() < untilMs);
	const used = cpuMicros(process.pid) - before;
	assert.ok(used > 5_000 && used < 2_000_000, `${used} µs`);
	const { residentKib, peakKib } = memoryUse(process.pid);
	assert.ok(residentKib > 1000 && peakKib >= residentKib);
	assert.throws(() => cpuMicros(2 ** 22 + 1));
});

test.run();
