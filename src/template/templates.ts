/** What `httpfn init` can start a function from. Each is an example of the repository; `template-files.ts` has their text. */

export interface Template {
	/** What it is asked for by. */
	readonly name: string;
	readonly summary: string;
	/** Below examples/. */
	readonly folder: string;
	/** All files of that folder, relative to it. */
	readonly files: readonly string[];
	/** Command lines that have to run in the new folder before the function can. */
	readonly setup: readonly string[];
	/** Command line, run in the folder, that asks the running function and fails on a wrong answer; a URL may follow. */
	readonly test: string;
}

const CURL_TEST = 'sh test';
const NPM_INSTALL = 'npm install --omit=dev';
const BUILD = 'bash build';

/** In the order they are offered in. */
export const TEMPLATES: readonly Template[] = [
	{
		name: 'node',
		summary: 'Node.js, nothing to install',
		folder: 'node-http',
		files: ['README.md', 'bootstrap', 'index.mjs', 'test'],
		setup: [],
		test: CURL_TEST,
	},
	{
		name: 'express',
		summary: 'Node.js with Express',
		folder: 'node-express',
		files: ['.gitignore', 'README.md', 'bootstrap', 'index.mjs', 'package.json', 'test'],
		setup: [NPM_INSTALL],
		test: CURL_TEST,
	},
	{
		name: 'fetch',
		summary: 'A fetch handler in TypeScript, without a bootstrap and without Node.js',
		folder: 'edge-fetch',
		files: ['README.md', 'index.ts', 'test'],
		setup: [],
		test: CURL_TEST,
	},
	{
		name: 'hono-edge',
		summary: 'Hono, without a bootstrap and without Node.js',
		folder: 'hono-edge',
		files: ['.gitignore', 'README.md', 'index.ts', 'package.json', 'test'],
		setup: [NPM_INSTALL],
		test: CURL_TEST,
	},
	{
		name: 'python',
		summary: 'Python, nothing to install',
		folder: 'python-http',
		files: ['README.md', 'bootstrap', 'index.py', 'test'],
		setup: [],
		test: CURL_TEST,
	},
	{
		name: 'flask',
		summary: 'Python with Flask',
		folder: 'python-flask',
		files: ['.gitignore', 'README.md', 'bootstrap', 'index.py', 'requirements.txt', 'test'],
		setup: ['python3 -m pip install --target lib -r requirements.txt'],
		test: CURL_TEST,
	},
	{
		name: 'go',
		summary: 'Go, a static binary',
		folder: 'go',
		files: ['.gitignore', 'README.md', 'bootstrap', 'build', 'main.go', 'test'],
		setup: [BUILD],
		test: CURL_TEST,
	},
	{
		name: 'java',
		summary: 'Java, a jar',
		folder: 'java',
		files: ['.gitignore', 'Main.java', 'README.md', 'bootstrap', 'build', 'httpfn.json', 'test'],
		setup: [BUILD],
		test: CURL_TEST,
	},
	{
		name: 'php',
		summary: 'PHP and its built-in server',
		folder: 'php',
		files: ['README.md', 'bootstrap', 'index.php', 'test'],
		setup: [],
		test: CURL_TEST,
	},
	{
		name: 'rust',
		summary: 'Rust, a static binary without crates',
		folder: 'rust',
		files: ['.gitignore', 'Cargo.toml', 'README.md', 'bootstrap', 'build', 'src/main.rs', 'test'],
		setup: [BUILD],
		test: CURL_TEST,
	},
	{
		name: 'static',
		summary: 'A static site, no interpreter needed',
		folder: 'static',
		files: ['README.md', 'index.ts', 'public/404.html', 'public/index.html', 'public/style.css', 'test'],
		setup: [],
		test: CURL_TEST,
	},
	{
		name: 'websocket',
		summary: 'WebSocket on Node.js',
		folder: 'websocket-echo',
		files: ['.gitignore', 'README.md', 'bootstrap', 'httpfn.json', 'index.mjs', 'package.json', 'test.mjs'],
		setup: [NPM_INSTALL],
		test: 'node test.mjs',
	},
];
