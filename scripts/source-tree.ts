/** The source files of a repository, parsed by the TypeScript compiler that also checks their types. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node, SourceFile } from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';

const FOLDERS = ['src', 'test', 'scripts', 'bench'] as const;
const SKIPPED = new Set(['node_modules', 'dist', '.cache', '.git']);
const TEXT = /\.(ts|mjs|js|json|md|py|php|go|java)$|(^|\/)(bootstrap|run|build)$/;

export interface Source {
	/** Relative to the root, with slashes. */
	readonly path: string;
	readonly text: string;
	readonly ast: SourceFile;
}

/** Every TypeScript file of `root`, without resolving imports or types: a few hundred milliseconds. */
export function parseSources(root: string): readonly Source[] {
	const paths = listTexts(root).filter((path) => isSource(path));
	// A project that exists only here, so that the compiler reads these files and nothing that they import.
	const project = join(root, '.parse-only.json');
	const options = {
		noLib: true,
		noResolve: true,
		noEmit: true,
		types: [],
		target: 'esnext',
		module: 'nodenext',
	};
	const text = JSON.stringify({ compilerOptions: options, files: paths });
	const api = new API({
		cwd: root,
		fs: {
			readFile: (path) => (path === project ? text : undefined),
			fileExists: (path) => (path === project ? true : undefined),
		},
	});
	try {
		const program = api.updateSnapshot({ openProjects: [project] }).getProject(project)?.program;
		return paths.map((path) => {
			const ast = program?.getSourceFile(join(root, path));
			if (ast === undefined) throw new Error(`the TypeScript compiler did not parse ${path}`);
			return { path, text: ast.text, ast };
		});
	} finally {
		api.close();
	}
}

function isSource(path: string): boolean {
	return path.endsWith('.ts') && FOLDERS.some((folder) => path.startsWith(`${folder}/`));
}

/** Every text file that people wrote, relative to `root`, sorted. */
export function listTexts(root: string): readonly string[] {
	const found: string[] = [];
	const walk = (folder: string): void => {
		for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
			const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
			if (entry.isDirectory()) {
				if (!SKIPPED.has(entry.name)) walk(path);
			} else if (entry.isFile() && TEXT.test(path)) {
				found.push(path);
			}
		}
	};
	walk('');
	return found.sort();
}

export function readText(root: string, path: string): string {
	return readFileSync(join(root, path), 'utf8');
}

/** Calls `visit` for every node of a file, outer ones first. */
export function visitNodes(source: Source, visit: (node: Node) => void): void {
	const enter = (node: Node): void => {
		visit(node);
		node.forEachChild(enter);
	};
	source.ast.forEachChild(enter);
}

/** Counted from 1. */
export function lineOf(source: Source, node: Node): number {
	return lineAt(source.text, node.getStart(source.ast));
}

/** Counted from 1. */
export function lineAt(text: string, position: number): number {
	return text.slice(0, position).split('\n').length;
}
