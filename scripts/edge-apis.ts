/**
 * What this engine has of `Bun` and `Deno` for an edge function, as JSON on standard output: the name of each API, with `native`,
 * `supplied` or null.
 */
import { bunGlobal } from '../src/edge-host/bun-global.ts';
import { denoGlobal } from '../src/edge-host/deno-global.ts';
import type { GlobalHost } from '../src/edge-host/global-host.ts';

export type EdgeApis = Readonly<Record<string, 'native' | 'supplied' | null>>;

/** What code for servers uses of them; a call stands for an option of one. */
export const EDGE_APIS = [
	...['Bun.serve', 'Bun.serve({ routes })', 'Bun.serve({ websocket })', 'Bun.env', 'Bun.file', 'Bun.write'],
	...[
		'Bun.sleep',
		'Bun.nanoseconds',
		'Bun.inspect',
		'Bun.deepEquals',
		'Bun.escapeHTML',
		'Bun.argv',
		'Bun.main',
	],
	...['Bun.fileURLToPath', 'Bun.pathToFileURL', 'Bun.gzipSync', 'Bun.gunzipSync', 'Bun.readableStreamToText'],
	...['Bun.readableStreamToJSON', 'Bun.readableStreamToArrayBuffer', 'Bun.readableStreamToBytes', 'Bun.hash'],
	...['Bun.CryptoHasher', 'Bun.password', 'Bun.randomUUIDv7', 'Bun.Glob', 'Bun.semver', 'Bun.stringWidth'],
	...[
		'Bun.spawn',
		'Bun.$',
		'Bun.which',
		'Bun.listen',
		'Bun.connect',
		'Bun.dns',
		'Bun.sql',
		'Bun.SQL',
		'Bun.redis',
	],
	...['Bun.s3', 'Bun.YAML', 'Bun.TOML', 'Bun.plugin', 'Bun.Transpiler', 'Bun.build'],
	...['Deno.serve', 'Deno.upgradeWebSocket', 'Deno.env', 'Deno.cwd', 'Deno.args', 'Deno.pid', 'Deno.exit'],
	...['Deno.hostname', 'Deno.memoryUsage', 'Deno.build', 'Deno.errors', 'Deno.inspect', 'Deno.noColor'],
	...['Deno.addSignalListener', 'Deno.removeSignalListener', 'Deno.readTextFile', 'Deno.readTextFileSync'],
	...[
		'Deno.readFile',
		'Deno.readFileSync',
		'Deno.writeTextFile',
		'Deno.writeFile',
		'Deno.stat',
		'Deno.mkdir',
	],
	...['Deno.remove', 'Deno.makeTempDir', 'Deno.readDir', 'Deno.open', 'Deno.version', 'Deno.mainModule'],
	...['Deno.permissions', 'Deno.openKv', 'Deno.cron', 'Deno.connect', 'Deno.listen', 'Deno.resolveDns'],
	...['Deno.Command', 'Deno.test', 'Deno.bench'],
] as const;

const HOST: GlobalHost = {
	process: {
		environment: {},
		exit: () => {
			throw new Error('asked for its names only');
		},
	},
	start: () => ({ stop: async () => {} }),
};

/** Of the engine that runs this. */
export function edgeApis(): EdgeApis {
	return Object.fromEntries(EDGE_APIS.map((name) => [name, availability(name)]));
}

function availability(name: string): 'native' | 'supplied' | null {
	const [owner = '', key = ''] = name.split('(')[0]?.split('.') ?? [];
	const native = (globalThis as unknown as Record<string, object | undefined>)[owner];
	if (native !== undefined) return key in native ? 'native' : null;
	const parts = owner === 'Bun' ? bunGlobal(HOST) : denoGlobal(HOST);
	try {
		const found = Reflect.get(parts, key) as unknown;
		const option = /\{ (\w+) \}/.exec(name)?.[1];
		if (option === undefined) return 'supplied';
		(found as (options: object) => unknown)({ fetch: () => null, [option]: {} });
		return 'supplied';
	} catch {
		return null;
	}
}

if (import.meta.main) console.log(JSON.stringify(edgeApis()));
