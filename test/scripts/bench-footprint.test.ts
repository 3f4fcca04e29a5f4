import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const MAIN = join(import.meta.dirname, '../../bench/main.ts');

const test = suite('bench footprint');

test('Q-60: the footprint benchmark packs a function into an executable of dist/, and tells its size, its start and its memory', () => {
	const folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
	try {
		const file = join(folder, 'result.json');
		const short = ['--target', 'httpfn-bun', '--samples', '1', '--no-compressed', '--json', file];
		const ended = spawnSync(process.execPath, [MAIN, 'footprint', ...short], { encoding: 'utf8' });
		assert.is(ended.status, 0, ended.stderr);
		const [found] = JSON.parse(readFileSync(file, 'utf8')) as {
			target: string;
			bytes: number;
			runs: { startMs: number[]; idleKib: number[]; servingKib: number[] };
		}[];
		assert.is(found?.target, 'httpfn-bun');
		assert.ok((found?.bytes ?? 0) > 50_000_000);
		const { startMs = [], idleKib = [], servingKib = [] } = found?.runs ?? {};
		assert.is(startMs.length, 1);
		assert.ok((startMs[0] ?? 0) > 0 && (startMs[0] ?? 0) < 20_000);
		assert.ok((idleKib[0] ?? 0) > 10_000 && (servingKib[0] ?? 0) > (idleKib[0] ?? 0));
		assert.match(ended.stdout, '| httpfn-bun |');
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

test.run();
