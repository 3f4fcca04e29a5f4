/**
 * `npm run bench -- footprint`: what a packed function needs of a machine, for each executable in dist/: room on the disk and on the way there, and, for
 * those that run here, time to listen and memory. The function is a fetch handler, in direct isolation, as on a small appliance.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildConfig, type Target } from '../build.config.ts';
import { ROOT } from '../scripts/repository.ts';
import { describeMachine } from '../src/bench/machine.ts';
import { memoryUse } from '../src/bench/process-meter.ts';
import { median } from '../src/bench/statistics.ts';
import { type Child, startChild } from './child.ts';
import { wholeNumber } from './judge-word.ts';
import { machineText, processStartMs } from './machine.ts';
import { markdownTable } from './markdown-table.ts';
import { treeUsage } from './process-usage.ts';

const HELP = `npm run bench -- footprint [options]

Packs a fetch handler into each executable that dist/ has (npm run build -- --all makes all) and prints what it takes as Markdown.

  --samples N      starts of each; default 20
  --target NAME    only this executable of dist/
  --no-compressed  leave out the compressed sizes, which take a minute
  --json FILE      every sample, raw, as JSON
  --help
`;

const HANDLER = 'export default { fetch: (): Response => new Response("hello") };\n';
const SETTLE_MS = 500;
const START_MS_MAX = 20_000;
const MEGABYTE = 1_000_000;
const KIB = 1024;

interface Footprint {
	readonly target: string;
	/** Of the source that it was built from. */
	readonly commit: string;
	readonly bytes: number;
	readonly payloadBytes: number;
	readonly gzipBytes: number | null;
	/** Null for another machine's. */
	readonly runs: Runs | null;
}

interface Runs {
	/** The first start unpacks. */
	readonly firstStartMs: number;
	readonly startMs: readonly number[];
	readonly idleKib: readonly number[];
	/** With the process of the function, after its first answer. */
	readonly servingKib: readonly number[];
}

type Say = (line: string) => void;

export async function benchFootprint(args: readonly string[], print: Say, report: Say): Promise<number> {
	const { values } = parseArgs({
		args: [...args],
		strict: true,
		options: {
			samples: { type: 'string', default: '20' },
			target: { type: 'string' },
			'no-compressed': { type: 'boolean', default: false },
			json: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		print(HELP.trimEnd());
		return 0;
	}
	const samples = wholeNumber('--samples', values.samples, 1);
	const targets = buildConfig.targets.filter(
		({ name, os }) =>
			os === 'linux' && name === (values.target ?? name) && existsSync(join(ROOT, 'dist', name)),
	);
	if (targets.length === 0) throw new Error('dist/ has no executable, wanted npm run build before');
	const folder = mkdtempSync(join(tmpdir(), 'httpfn-footprint-'));
	const found: Footprint[] = [];
	try {
		mkdirSync(join(folder, 'hello'));
		writeFileSync(join(folder, 'hello/index.ts'), HANDLER);
		for (const target of targets) {
			report(target.name);
			found.push(await footprintOf(target, folder, samples, !values['no-compressed']));
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(found, null, '\t')}\n`);
	print(footprintReport(found));
	return 0;
}

async function footprintOf(
	target: Target,
	folder: string,
	samples: number,
	compressed: boolean,
): Promise<Footprint> {
	const file = join(folder, target.name);
	const argv = [
		'pack',
		join(folder, 'hello'),
		'-o',
		file,
		'--runtime',
		join(ROOT, 'dist', target.name),
		'--json',
	];
	const { payloadBytes, runtime } = JSON.parse(
		execFileSync(join(ROOT, 'dist/httpfn'), argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
	) as { payloadBytes: number; runtime: { commit: string } };
	const bytes = readFileSync(file);
	const isOwn = target.cpu === process.arch && target.libc === 'glibc';
	const runs = isOwn ? await measureRuns(file, folder, samples) : null;
	const size = statSync(file).size;
	rmSync(file);
	return {
		target: target.name,
		commit: runtime.commit,
		bytes: size,
		payloadBytes,
		gzipBytes: compressed ? gzipSync(bytes, { level: 9 }).length : null,
		runs,
	};
}

async function measureRuns(file: string, folder: string, samples: number): Promise<Runs> {
	const cache = mkdtempSync(join(folder, 'cache-'));
	const first = await measureRun(file, folder, cache);
	const later = [];
	for (let sample = 0; sample < samples; sample += 1) later.push(await measureRun(file, folder, cache));
	return {
		firstStartMs: first.startMs,
		startMs: later.map(({ startMs }) => startMs),
		idleKib: later.map(({ idleKib }) => idleKib),
		servingKib: later.map(({ servingKib }) => servingKib),
	};
}

async function measureRun(file: string, folder: string, cache: string) {
	const socketPath = join(folder, 'socket');
	const child = startChild('/bin/sh', ['-c', `exec ${file} --isolation direct --listen unix:${socketPath}`], {
		cwd: folder,
		home: folder,
		errorFile: join(folder, 'stderr'),
		environment: { XDG_CACHE_HOME: cache },
	});
	try {
		const startMs = (await lineInTime(child)) - child.spawnedAtMs;
		await delay(SETTLE_MS);
		const idleKib = memoryUse(child.pid).residentKib;
		await answered(socketPath);
		await delay(SETTLE_MS);
		return { startMs, idleKib, servingKib: treeUsage(child.pid, null).rssKib };
	} finally {
		await child.stop();
		rmSync(socketPath, { force: true });
	}
}

function answered(socketPath: string): Promise<void> {
	return new Promise((resolve, reject) => {
		get({ socketPath, path: '/' }, (response) => {
			if (response.statusCode !== 200)
				reject(new Error(`the function answers ${response.statusCode}, wanted 200`));
			response.resume().once('end', resolve);
		}).once('error', reject);
	});
}

async function lineInTime(child: Child): Promise<number> {
	const late = delay(START_MS_MAX, null, { ref: false });
	const at = await Promise.race([child.firstLineAtMs, late]);
	child.assertAlive();
	if (at === null) throw new Error(`no URL after ${START_MS_MAX} ms`);
	return at;
}

function footprintReport(found: readonly Footprint[]): string {
	const megabytes = (bytes: number | null): string => (bytes === null ? '' : (bytes / MEGABYTE).toFixed(1));
	const memory = (kib: readonly number[]): string => ((median(kib) * KIB) / MEGABYTE).toFixed(0);
	const rows = found.map(({ target, bytes, gzipBytes, runs }) => [
		target,
		megabytes(bytes),
		megabytes(gzipBytes),
		...(runs === null
			? ['', '', '', '']
			: [
					runs.firstStartMs.toFixed(0),
					median(runs.startMs).toFixed(0),
					memory(runs.idleKib),
					memory(runs.servingKib),
				]),
	]);
	const head = ['executable', 'MB', 'gzip -9 MB', 'first start ms', 'start ms', 'idle MB', 'serving MB'];
	const commit = found[0]?.commit ?? 'unknown';
	const machine = machineText({ ...describeMachine(), commit, processStartMs: processStartMs() });
	return `${machine}\n\n${markdownTable(head, rows)}`;
}
