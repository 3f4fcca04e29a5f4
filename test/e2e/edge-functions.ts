/** Small edge functions by name: files of their folders. */
type Files = Readonly<Record<string, string>>;

const DEEP = `interface Unused { readonly a: number }

export function fail(kind: number): never {
	throw new Error(\`failed with \${kind}\`);
}
`;
const THROWS = `import { fail } from './lib/deep.ts';
enum Kind { Bad = 7 }

export default {
	async fetch(request: Request): Promise<Response> {
		if (new URL(request.url).searchParams.has('nothing')) return undefined as never;
		return fail(Kind.Bad);
	},
};
`;

export const EDGE_FUNCTIONS = {
	plain: {
		'index.js': "export default (request) => new Response('plain ' + new URL(request.url).pathname);\n",
	},
	common: { 'index.js': "module.exports = { fetch: () => new Response('common') };\n" },
	bun: {
		'index.ts':
			"const server = Bun.serve({ port: 3000, fetch: () => new Response('bun ' + Bun.env.GREETING + ' ' + server.port) });\n",
	},
	imported: {
		'index.ts': "import { serve } from 'bun';\nserve({ port: 1, fetch: () => new Response('imported') });\n",
	},
	deno: {
		'index.ts':
			"Deno.serve({ port: 9000 }, async () => new Response('deno ' + Deno.env.get('GREETING') + ' ' + (await Deno.readTextFile('data.txt'))));\n",
		'data.txt': 'data',
	},
	files: {
		'src/main.mjs': [
			"import { readFileSync } from 'node:fs';",
			"import words from './words.txt';",
			"import numbers from './numbers.json';",
			"import { answer } from 'dependency';",
			"const near = readFileSync(new URL('./near.txt', import.meta.url), 'utf8');",
			'export default { fetch: () => Response.json({ words, numbers, answer, near, dirname: import.meta.dirname }) };',
			'',
		].join('\n'),
		'src/words.txt': 'words',
		'src/numbers.json': '[1,2]',
		'src/near.txt': 'near',
		'node_modules/dependency/package.json': '{"name":"dependency","type":"module","main":"main.js"}',
		'node_modules/dependency/main.js': 'export const answer = 42;\n',
		'node_modules/left/package.json': '{"name":"left","main":"main.js"}',
		'node_modules/left/main.js': 'exports.where = __filename;\n',
		'package.json': '{"httpfn":{"entry":"src/main.mjs"}}',
	},
	external: {
		'index.mjs': "import { where } from 'left';\nexport default { fetch: () => new Response(where) };\n",
		'node_modules/left/package.json': '{"name":"left","main":"main.js"}',
		'node_modules/left/main.js': 'exports.where = __filename;\n',
		'package.json': '{"httpfn":{"external":["left"]}}',
	},
	throws: { 'index.ts': THROWS, 'lib/deep.ts': DEEP },
	'no-handler': { 'index.js': 'export const nothing = 1;\n' },
	'class-handler': { 'index.js': 'export default class { fetch() {} }\n' },
	'load-throws': { 'index.js': "throw new Error('no database');\n" },
	'never-loads': { 'index.js': 'await new Promise(() => {});\nexport default () => new Response();\n' },
	'missing-at-load': {
		'index.js': 'const kv = await Deno.openKv();\nexport default () => new Response(String(kv));\n',
	},
	'missing-at-use': { 'index.js': 'export default { fetch: () => Deno.openKv() };\n' },
} as const satisfies Readonly<Record<string, Files>>;

export type EdgeFunctionName = keyof typeof EDGE_FUNCTIONS;
