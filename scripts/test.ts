/** `npm test`: sets up what is missing and runs everything. The last line is `N passed, N failed`. */
import { parseArgs } from 'node:util';
import { buildConfig } from '../build.config.ts';
import { buildAll } from './build/build-all.ts';
import { checkAll } from './check.ts';
import { DIST, ENGINE_PATHS } from './repository.ts';
import { ownNetwork } from './test/network.ts';
import {
	type EngineName,
	type Executable,
	endToEndRuns,
	needsExecutables,
	type Selection,
	unitRuns,
} from './test/plan.ts';
import { killRunning, runFile, type TestResult, type TestRun } from './test/run-file.ts';
import { ensureToolchains } from './toolchains.ts';

const HELP = `npm test -- [PATTERN] [options]

Installs the Debian packages that the tests need, checks the source, builds the executables, and runs every test file on
Node.js, Bun and Deno, and those of test/e2e with each executable. Each file has a process, a network and a deadline of its own.

  PATTERN          only files whose path holds it; then the source is not checked, and built only where they need it
  --engine NAME    only on node, bun or deno; may be given more than once
  --no-e2e         without test/e2e
  --only-e2e       nothing but test/e2e
  --help           this text`;

const AT_ONCE = 2;

const report = (line: string): void => void process.stdout.write(`${line}\n`);

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.once(name, () => {
		killRunning();
		process.exit(130);
	});
}

try {
	await main();
} catch (error) {
	report(`test: ${error instanceof Error ? error.message : error}`);
	process.exitCode = 1;
}

async function main(): Promise<void> {
	const selection = parseSelection();
	if (selection === null) return report(HELP);
	await ensureToolchains((line) => report(`setup: ${line}`));
	const prefix = ownNetwork();
	let [passed, failed] = [0, 0];
	const failures: string[] = [];
	if (selection.pattern === '' && selection.unit) {
		const clean = await checkAll((line) => report(`check: ${line}`));
		if (!clean) failures.push('npm run check');
	}
	const executables = await built(selection, failures);
	failed += failures.length;
	const runs = [...unitRuns(selection), ...endToEndRuns(selection, executables)];
	if (runs.length === 0) throw new Error(`no test file matches ${JSON.stringify(selection.pattern)}`);
	for await (const result of inTurn(runs, prefix)) {
		passed += result.passed;
		failed += result.failed;
		if (result.failed > 0) failures.push(`${result.run.file} (${result.run.label})`);
		reportResult(result);
	}
	for (const failure of failures) report(`failed: ${failure}`);
	report(`${passed} passed, ${failed} failed`);
	process.exitCode = failures.length === 0 ? 0 : 1;
}

function parseSelection(): Selection | null {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			engine: { type: 'string', multiple: true, default: Object.keys(ENGINE_PATHS) },
			'no-e2e': { type: 'boolean', default: false },
			'only-e2e': { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return null;
	const [pattern = '', surplus] = positionals;
	if (surplus !== undefined) throw new Error(`one PATTERN is taken, found a second: ${surplus}`);
	const unknown = values.engine.find((name) => !(name in ENGINE_PATHS));
	if (unknown !== undefined) {
		throw new Error(`--engine ${unknown} is not known, wanted ${Object.keys(ENGINE_PATHS).join(', ')}`);
	}
	return {
		pattern,
		engines: values.engine as EngineName[],
		unit: !values['only-e2e'],
		endToEnd: !values['no-e2e'],
	};
}

/** Each different executable once; under its shorter name where it is the flagship. */
async function built(selection: Selection, failures: string[]): Promise<readonly Executable[]> {
	if (!needsExecutables(selection)) return [];
	try {
		const { files, flagship } = await buildAll({
			entry: buildConfig.entry,
			folder: DIST,
			wanted: ({ always }) => always,
			report: (line) => report(`build: ${line}`),
		});
		return files
			.filter(({ ran }) => ran)
			.map(({ name, path, engine }) =>
				engine === buildConfig.flagship && flagship !== null
					? { name: 'httpfn', path: flagship, engine }
					: { name, path, engine },
			);
	} catch (error) {
		report(`build: ${error instanceof Error ? error.message : error}`);
		failures.push('npm run build');
		return [];
	}
}

/** A few at once, results as they come. */
async function* inTurn(runs: readonly TestRun[], prefix: readonly string[]): AsyncGenerator<TestResult> {
	const waiting = [...runs];
	const active = new Map<TestRun, Promise<TestResult>>();
	for (;;) {
		while (active.size < AT_ONCE) {
			const next = waiting.shift();
			if (next === undefined) break;
			active.set(next, runFile(next, prefix));
		}
		if (active.size === 0) return;
		const result = await Promise.race(active.values());
		active.delete(result.run);
		yield result;
	}
}

function reportResult({ run, passed, failed, reasons, output, durationMs }: TestResult): void {
	const seconds = (durationMs / 1000).toFixed(1);
	const outcome = failed === 0 ? `${passed} passed` : `${passed} passed, ${failed} FAILED`;
	report(`test: ${run.label.padEnd(11)} ${run.file}: ${outcome} (${seconds} s)`);
	if (failed === 0) return;
	report(output.trimEnd().replace(/^/gm, '    '));
	for (const reason of reasons) report(`    ${run.file} ${reason}`);
}
