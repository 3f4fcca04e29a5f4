/** `httpfn bench` compared with a record and with another executable: short runs, whose figures decide nothing. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runBinary } from '../harness/binary.ts';
import { ONE_LOAD, recordIn } from './bench-runs.ts';

const test = suite<{ folder: string }>('httpfn bench, compared');

test.before.each((context) => {
	context.folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

test('B-81: a run is compared with a record: the exit code is 1 where a measure regressed, and every output says so', async ({
	folder,
}) => {
	const [saved, better, report] = ['saved.json', 'better.json', 'report.html'].map((name) =>
		join(folder, name),
	);
	const first = await runBinary(['bench', '--rounds', '5', ...ONE_LOAD, '--save', saved ?? '']);
	assert.is(first.code, 0, first.stderr);
	const record = recordIn(saved ?? '');
	const measures = record.measures.map((measure) => {
		// More than rounds this short differ by where others have the processors.
		const factor = measure.better === 'less' ? 0.0002 : 5000;
		return { ...measure, rounds: measure.rounds.map((value) => value * factor) };
	});
	writeFileSync(better ?? '', JSON.stringify({ ...record, measures }));
	const json = join(folder, 'compared.json');
	const outputs = ['--json', json, '--report', report ?? ''];
	const second = await runBinary([
		'bench',
		'--rounds',
		'5',
		...ONE_LOAD,
		'--compare',
		better ?? '',
		...outputs,
	]);
	assert.is(second.code, 1, second.stderr);
	const verdicts = recordIn(json).comparisons?.map(({ verdict }) => verdict);
	assert.equal(verdicts, ['regressed', 'regressed', 'regressed', 'regressed']);
	assert.match(second.stdout, 'regressed');
	assert.match(readFileSync(report ?? '', 'utf8'), /^<!doctype html>/i);
});

test('B-82: another executable is measured in the same rounds, and compared with', async ({ folder }) => {
	const other = join(folder, 'httpfn-before');
	copyFileSync(process.env.HTTPFN_BINARY ?? '', other);
	const json = join(folder, 'compared.json');
	const done = await runBinary(['bench', '--rounds', '1', ...ONE_LOAD, '--against', other, '--json', json]);
	assert.is(done.code, 0, done.stderr);
	const verdicts = recordIn(json).comparisons?.map(({ verdict }) => verdict);
	assert.equal(verdicts, ['cannot tell', 'cannot tell', 'cannot tell', 'cannot tell']);
	const none = await runBinary(['bench', '--rounds', '1', ...ONE_LOAD, '--against', join(folder, 'none')]);
	assert.is(none.code, 1);
	assert.match(none.stderr, /^httpfn: ERR_SPAWN_FAILED/m);
	const noHttpfn = await runBinary(['bench', '--rounds', '1', ...ONE_LOAD, '--against', '/bin/false']);
	assert.is(noHttpfn.code, 1);
	assert.match(noHttpfn.stderr, /^httpfn: ERR_BENCH_FAILED.*no httpfn/m);
});

test.run();
