/** `npm run check`: everything about the source that can be judged without running it. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, findingText } from './finding.ts';
import { checkLayers } from './layers.ts';
import { ENGINE_PATHS, ROOT, runProgramLater } from './repository.ts';
import { parseSources } from './source-tree.ts';
import { checkSpecification } from './specification.ts';
import { checkTidy } from './tidy.ts';

const HELP = `npm run check -- [--write]

Checks the source without running it: types (tsc), format and lint (biome), layers, tidy, specification,
and whether generated pages are up to date. Layers, tidy and specification also run alone: node scripts/engine.mjs scripts/layers.ts (or tidy.ts, specification.ts).
--write formats first, and puts right what biome can.`;

const FIXES: Readonly<Record<string, string>> = { 'format and lint': 'npm run check -- --write' };

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const BIOME = join(ROOT, 'node_modules/@biomejs/cli-linux-x64/biome');

/** Runs all of them, whatever the first ones say. Resolves with true when nothing was found. */
export async function checkAll(report: (line: string) => void): Promise<boolean> {
	const programs = [
		['types', [ENGINE_PATHS.node, TSC, '--project', '.']],
		['format and lint', [BIOME, 'ci', '--colors=off', '.']],
	] as const;
	const running = [...programs, ...generators()].map(([name, argv]) => outcome(name, runProgramLater(argv)));
	const sources = parseSources(ROOT);
	const checks = { layers: checkLayers, tidy: checkTidy, specification: checkSpecification };
	let clean = true;
	for (const [name, check] of Object.entries(checks)) {
		const findings = check(ROOT, sources);
		report(`${name}: ${findings.length === 0 ? 'ok' : `${findings.length} found`}`);
		for (const finding of findings) report(indented(finding));
		clean &&= findings.length === 0;
	}
	for (const { name, failure } of await Promise.all(running)) {
		report(failure === null ? `${name}: ok` : `${name}: failed\n${failure}`);
		clean &&= failure === null;
	}
	return clean;
}

/** Each script that writes a page tells with --check whether the page is what it would write. */
function generators(): readonly (readonly [string, readonly string[]])[] {
	const scripts = globSync('scripts/generate-*.ts', { cwd: ROOT }).sort();
	return scripts.map((script) => [script, [ENGINE_PATHS.node, script, '--check']]);
}

async function outcome(
	name: string,
	running: Promise<string>,
): Promise<{ name: string; failure: string | null }> {
	try {
		await running;
		return { name, failure: null };
	} catch (error) {
		const fix = FIXES[name] ?? (name.startsWith('scripts/') ? `node scripts/engine.mjs ${name}` : null);
		const message = error instanceof Error ? error.message : String(error);
		return { name, failure: fix === null ? message : `${message}\n  fix: ${fix}` };
	}
}

function indented(finding: Finding): string {
	return findingText(finding).replace(/^/gm, '  ');
}

if (import.meta.main) {
	const argument = process.argv[2];
	if (argument === '--help') {
		console.log(HELP);
	} else if (argument !== undefined && argument !== '--write') {
		console.error(`check: ${argument} is not known, wanted --write or --help`);
		process.exitCode = 1;
	} else {
		if (argument === '--write') spawnSync(BIOME, ['check', '--write', '.'], { cwd: ROOT, stdio: 'inherit' });
		process.exitCode = (await checkAll((line) => console.log(line))) ? 0 : 1;
	}
}
