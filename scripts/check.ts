/** `npm run check`: everything about the source that can be judged without running it. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, findingText } from './finding.ts';
import { checkLayers } from './layers.ts';
import { ENGINE_PATHS, ROOT, runProgramLater } from './repository.ts';
import { parseSources } from './source-tree.ts';
import { checkSpecification } from './specification.ts';
import { checkTidy } from './tidy.ts';

const HELP = `npm run check

Checks the source without running it: types (tsc), format and lint (biome), layers, tidy, specification,
and whether generated pages are up to date. Layers, tidy and specification also run alone: node scripts/engine.mjs scripts/layers.ts (or tidy.ts, specification.ts).`;

const FIXES: Readonly<Record<string, string>> = { 'format and lint': 'npx biome check --write .' };

const BIN = join(ROOT, 'node_modules');

/** Runs all of them, whatever the first ones say. Resolves with true when nothing was found. */
export async function checkAll(report: (line: string) => void): Promise<boolean> {
	const programs = [
		['types', [ENGINE_PATHS.node, join(BIN, 'typescript/bin/tsc'), '--project', '.']],
		[
			'format and lint',
			[ENGINE_PATHS.node, join(BIN, '@biomejs/biome/bin/biome'), 'ci', '--colors=off', '.'],
		],
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
	if (process.argv.includes('--help')) console.log(HELP);
	else process.exitCode = (await checkAll((line) => console.log(line))) ? 0 : 1;
}
