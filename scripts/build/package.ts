/** The npm package in dist/npm: the library as one module, what that runs edge functions by, its declarations, and what belongs beside them. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConfig } from '../../build.config.ts';
import { ENGINE_PATHS, ROOT, runProgram } from '../repository.ts';
import { bundleLibrary, type LibraryBundle } from './bundle.ts';
import { productBuild } from './product-build.ts';

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const MODULE = 'httpfn.js';
const HOST = 'edge-host.mjs';
const DECLARATIONS = 'httpfn.d.ts';
const LICENSES = 'THIRD-PARTY-LICENSES.txt';

/** Writes it to `folder`, which is emptied. The same source gives the same bytes. */
export async function buildPackage(folder: string): Promise<void> {
	const product = productBuild();
	const bundled = await bundleLibrary(buildConfig, product, HOST);
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const write = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text);
	write(MODULE, bundled.module);
	write(HOST, bundled.host);
	write(DECLARATIONS, declarations(buildConfig.library.types));
	write('package.json', `${JSON.stringify(manifest(product.version), null, '\t')}\n`);
	write('README.md', readme());
	write('LICENSE', readFileSync(join(ROOT, 'LICENSE')));
	write(LICENSES, licenses(bundled));
}

function manifest(version: string): object {
	const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, string>;
	return {
		name: own.name,
		version,
		description: 'Runs FunctionGraph HTTP functions inside your own program: Node.js, Bun and Deno.',
		license: own.license,
		type: 'module',
		exports: {
			'.': { types: `./${DECLARATIONS}`, default: `./${MODULE}` },
			'./package.json': './package.json',
		},
		types: `./${DECLARATIONS}`,
		files: [MODULE, HOST, DECLARATIONS, LICENSES],
		sideEffects: false,
		engines: buildConfig.library.engines,
		// It bundles edge functions, for who has some.
		peerDependencies: { esbuild: '>=0.17' },
		peerDependenciesMeta: { esbuild: { optional: true } },
	};
}

/** The declarations of `files`, which import nothing but each other and Node.js's own, as one file. */
export function declarations(files: readonly string[]): string {
	const folder = mkdtempSync(join(tmpdir(), 'httpfn-types-'));
	try {
		const options = {
			noEmit: false,
			declaration: true,
			emitDeclarationOnly: true,
			rootDir: ROOT,
			outDir: folder,
			typeRoots: [join(ROOT, 'node_modules/@types')],
		};
		const config = {
			extends: join(ROOT, 'tsconfig.json'),
			compilerOptions: options,
			include: [],
			files: files.map((file) => join(ROOT, file)),
		};
		const configPath = join(folder, 'tsconfig.json');
		writeFileSync(configPath, JSON.stringify(config));
		runProgram([ENGINE_PATHS.node, TSC, '--project', configPath]);
		const texts = files.map((file) => readFileSync(join(folder, file.replace(/\.ts$/, '.d.ts')), 'utf8'));
		return rolledUp(texts);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

const IMPORT = /^import (?:type )?.* from '([^']+)';\n/gm;

function rolledUp(texts: readonly string[]): string {
	const outside = new Set<string>();
	const bodies = texts.map((text) =>
		text.replace(IMPORT, (line, specifier: string) => {
			if (specifier.startsWith('node:')) outside.add(line);
			else if (!specifier.startsWith('./'))
				throw new Error(`a public type needs ${specifier}, which no user has`);
			return '';
		}),
	);
	const body = bodies.join('\n').replaceAll(/^\/\/#.*\n/gm, '');
	// What else the file has is not for users.
	return `${[...outside].sort().join('')}\n${body.trim()}\nexport {};\n`;
}

/** The page of the documentation; what it links to is not in the package. */
function readme(): string {
	const page = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
	return page.replaceAll(/\[([^\]]+)\]\((?!https?:|#)[^)]+\)/g, '$1');
}

/** Of the packages that the module holds, as their licences want it. */
function licenses({ packages }: LibraryBundle): string {
	const parts = packages.map((name) => {
		const folder = join(ROOT, 'node_modules', name);
		const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'].find((candidate) =>
			existsSync(join(folder, candidate)),
		);
		if (file === undefined) throw new Error(`${name} has no licence file to pass on`);
		return `${name}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
	});
	return parts.join(`\n${'-'.repeat(78)}\n\n`);
}
