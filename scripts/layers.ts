/** The rules of ARCHITECTURE.md about what may import what, and what may be named where, in src/. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type Finding, runCheck } from './finding.ts';
import { type Import, importsOf } from './imports.ts';
import { namesFindings } from './reserved-names.ts';
import { parseSources, type Source } from './source-tree.ts';

/** Lowest first. A file imports from its own folder or from a folder of a lower layer. */
const LAYERS: readonly (readonly string[])[] = [
	['base'],
	['contract', 'http1', 'http2', 'engine', 'telemetry'],
	['catalog', 'process', 'edge-host'],
	['isolation', 'edge', 'packed', 'template', 'cloud'],
	['pool'],
	['gateway', 'control'],
	['config', 'workers'],
	['server', 'bench'],
	['cli', 'library'],
];
const LAYER_OF = new Map(
	LAYERS.flatMap((folders, layer) => folders.map((folder) => [folder, layer] as const)),
);

/** Folders without I/O, and all of Node.js that they may import. */
const PURE_FOLDERS = new Set(['base', 'contract', 'http1', 'http2']);
const PURE_MODULES = new Set([
	'node:assert',
	'node:assert/strict',
	'node:buffer',
	'node:crypto',
	'node:util',
]);

const SPAWN_FILE = 'src/process/spawn.ts';
const SPAWN_MODULES = new Set(['node:child_process', 'node:cluster']);

export function checkLayers(root: string, sources = parseSources(root)): readonly Finding[] {
	const product = sources.filter(({ path }) => path.startsWith('src/'));
	const packages = declaredPackages(root);
	const graph = new Map<string, readonly string[]>();
	const findings: Finding[] = [];
	for (const source of product) {
		const imports = importsOf(source);
		graph.set(
			source.path,
			imports.map((item) => target(source, item)).filter((path) => path !== null),
		);
		findings.push(...placeFindings(source), ...namesFindings(source));
		for (const item of imports) findings.push(...importFindings(source, item, packages));
	}
	return [...findings, ...cycleFindings(graph)];
}

function declaredPackages(root: string): ReadonlySet<string> {
	const path = join(root, 'package.json');
	if (!existsSync(path)) return new Set();
	const { dependencies = {} } = JSON.parse(readFileSync(path, 'utf8')) as { dependencies?: object };
	return new Set(Object.keys(dependencies));
}

function folderOf(path: string): string {
	return path.split('/')[1] ?? '';
}

/** The file of src/ that is imported, or null for a package. */
function target(source: Source, { specifier }: Import): string | null {
	if (!specifier.startsWith('.')) return null;
	return normalize(join(dirname(source.path), specifier)).replaceAll('\\', '/');
}

function placeFindings({ path }: Source): readonly Finding[] {
	const findings: Finding[] = [];
	const file = path;
	if (!LAYER_OF.has(folderOf(path))) {
		const known = [...LAYER_OF.keys()].join(', ');
		const fix = `move it to one of ${known}, or give its folder a layer in scripts/layers.ts and ARCHITECTURE.md`;
		findings.push({ file, line: 0, message: 'lies in no layer', fix });
	}
	if (path.endsWith('/index.ts')) {
		const fix = 'name the file for what it exports, and import that file directly';
		findings.push({ file, line: 0, message: 'is a barrel (index.ts)', fix });
	}
	return findings;
}

function importFindings(source: Source, item: Import, packages: ReadonlySet<string>): readonly Finding[] {
	const findings: Finding[] = [];
	const { line, specifier } = item;
	const add = (message: string, fix: string) => findings.push({ file: source.path, line, message, fix });
	if (item.reexport) add(`re-exports ${specifier}`, 'import it where it is used');
	const path = target(source, item);
	if (path !== null) {
		const problem = directionProblem(source.path, path);
		if (problem !== null) add(`imports ${specifier}: ${problem}`, directionFix(source.path, path));
		return findings;
	}
	const folder = folderOf(source.path);
	if (specifier.startsWith('node:')) {
		if (PURE_FOLDERS.has(folder) && !PURE_MODULES.has(specifier)) {
			const allowed = [...PURE_MODULES].join(', ');
			add(
				`imports ${specifier}, and ${folder}/ does no I/O (it may import ${allowed})`,
				'let the caller do the I/O and hand over the result',
			);
		}
		if (SPAWN_MODULES.has(specifier) && source.path !== SPAWN_FILE && !item.typeOnly) {
			add(
				`imports ${specifier}, and only ${SPAWN_FILE} spawns`,
				`call ${SPAWN_FILE}, or import the type alone`,
			);
		}
		if (specifier === 'node:ffi' && folder !== 'engine') {
			add('imports node:ffi, and only engine/ names an engine', 'call a function of src/engine');
		}
		return findings;
	}
	if (/^bun(:|$)/.test(specifier)) {
		if (folder !== 'engine')
			add(`imports ${specifier}, and only engine/ names an engine`, 'call a function of src/engine');
		return findings;
	}
	const name = specifier
		.split('/')
		.slice(0, specifier.startsWith('@') ? 2 : 1)
		.join('/');
	if (!packages.has(name)) {
		add(
			`imports ${specifier}, and "dependencies" of package.json has no ${name}`,
			'what ships is a dependency, not a devDependency; a module of Node.js begins with node:',
		);
	}
	return findings;
}

function directionProblem(from: string, to: string): string | null {
	if (!to.startsWith('src/')) return 'what ships is in src/';
	if (!to.endsWith('.ts')) return 'an import names its file, with .ts';
	const [fromFolder, toFolder] = [folderOf(from), folderOf(to)];
	const [fromLayer, toLayer] = [LAYER_OF.get(fromFolder), LAYER_OF.get(toFolder)];
	if (fromFolder === toFolder || fromLayer === undefined || toLayer === undefined) return null;
	if (toLayer > fromLayer)
		return `${fromFolder} (layer ${fromLayer}) lies below ${toFolder} (layer ${toLayer})`;
	if (toLayer === fromLayer) return `${fromFolder} and ${toFolder} lie on one layer (${fromLayer})`;
	return null;
}

function directionFix(from: string, to: string): string {
	const [fromFolder, toFolder] = [folderOf(from), folderOf(to)];
	if (!to.startsWith('src/') || !to.endsWith('.ts')) return 'write the path of a .ts file of src/';
	return `let ${fromFolder}/ declare what it needs as a type or parameter and a higher layer pass it in, or move the shared part below both ${fromFolder}/ and ${toFolder}/`;
}

function cycleFindings(graph: ReadonlyMap<string, readonly string[]>): readonly Finding[] {
	const findings: Finding[] = [];
	const done = new Set<string>();
	const path: string[] = [];
	const enter = (file: string): void => {
		const at = path.indexOf(file);
		if (at >= 0) {
			const cycle = [...path.slice(at), file].join(' → ');
			findings.push({
				file,
				line: 0,
				message: `is part of a cycle: ${cycle}`,
				fix: 'move what both sides need into a file of its own',
			});
			return;
		}
		if (done.has(file)) return;
		path.push(file);
		for (const next of graph.get(file) ?? []) enter(next);
		path.pop();
		done.add(file);
	};
	for (const file of graph.keys()) enter(file);
	return findings;
}

if (import.meta.main) {
	runCheck(
		'Checks the layers of src/: imports, cycles, barrels, and who may spawn, exit, print, read the environment or name an engine.',
		checkLayers,
	);
}
