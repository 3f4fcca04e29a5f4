/** Which test files run, on what. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { ENGINE_PATHS, ROOT } from '../repository.ts';
import type { TestRun } from './run-file.ts';

export type EngineName = keyof typeof ENGINE_PATHS;

const ENGINE_ARGUMENTS: Readonly<Record<EngineName, readonly string[]>> = {
	node: [],
	bun: [],
	// Deno takes its packages from node_modules as they are, and asks no one for more.
	deno: [
		...[
			'run',
			'--allow-all',
			'--no-check',
			'--no-remote',
			'--no-config',
			'--no-lock',
			'--node-modules-dir=manual',
		],
	],
};

const ENVIRONMENT = { DENO_DIR: join(ROOT, '.cache/deno'), DENO_NO_UPDATE_CHECK: '1' };
/** Tests of commands start the sources hundreds of times: Node reads them anew each time without it, for a second. */
const COMPILED = { NODE_COMPILE_CACHE: join(ROOT, '.cache/node') };

export interface Selection {
	/** Part of the path of a file; empty for all. */
	readonly pattern: string;
	readonly engines: readonly EngineName[];
	readonly unit: boolean;
	readonly endToEnd: boolean;
}

export interface Executable {
	readonly name: string;
	readonly path: string;
	readonly engine: 'node' | 'bun';
}

function testFiles(folder: string, pattern: string): readonly string[] {
	const files = globSync(`${folder}/**/*.test.ts`, { cwd: ROOT });
	return files.filter((file) => file.includes(pattern)).sort();
}

/** Everything but test/e2e: on each engine, except that tests of scripts run on the pinned Node.js alone. */
export function unitRuns({ pattern, engines, unit }: Selection): readonly TestRun[] {
	if (!unit) return [];
	const files = testFiles('test', pattern).filter((file) => !file.startsWith('test/e2e/'));
	return engines.flatMap((engine) =>
		files
			.filter((file) => engine === 'node' || !file.startsWith('test/scripts/'))
			.map((file) => ({
				file,
				label: engine,
				argv: [ENGINE_PATHS[engine], ...ENGINE_ARGUMENTS[engine], file],
				// Tests of scripts start executables, which are to be as they are for users.
				environment: file.startsWith('test/scripts/') ? ENVIRONMENT : { ...ENVIRONMENT, ...COMPILED },
			})),
	);
}

/** The tests of scripts start executables too. */
export function needsExecutables(selection: Selection): boolean {
	const { engines, pattern, unit } = selection;
	return (
		endToEndFiles(selection).length > 0 ||
		(unit && engines.includes('node') && testFiles('test/scripts', pattern).length > 0)
	);
}

function endToEndFiles({ pattern, endToEnd }: Selection): readonly string[] {
	return endToEnd ? testFiles('test/e2e', pattern) : [];
}

/** The files of test/e2e once for each executable. */
export function endToEndRuns(selection: Selection, executables: readonly Executable[]): readonly TestRun[] {
	const files = endToEndFiles(selection);
	const chosen = executables.filter(({ engine }) => selection.engines.includes(engine));
	return chosen.flatMap(({ name, path, engine }) =>
		files.map((file) => ({
			file,
			label: name,
			argv: [ENGINE_PATHS.node, file],
			environment: { HTTPFN_BINARY: path, HTTPFN_ENGINE: engine },
		})),
	);
}
