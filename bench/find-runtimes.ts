/** From the names of --peers to runtimes on this machine; fetches those that npm has. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPeers } from './find-peers.ts';
import { programVersion } from './machine.ts';
import type { Runtime } from './runtime.ts';

const LOCKED = join(import.meta.dirname, 'peers');
const LOCK = 'package-lock.json';
const FETCHED = join(import.meta.dirname, '../.cache/peers');
const MODULES = join(FETCHED, 'node_modules');

/** Where each package has what is started. */
const PROGRAMS = {
	'functions-framework': ['@google-cloud/functions-framework', 'build/src/main.js'],
	workerd: ['@cloudflare/workerd-linux-64', 'bin/workerd'],
	miniflare: ['miniflare', 'dist/src/index.js'],
} as const;

/** Throws where a name is unknown or its program is not there; the message says what to do. */
export function findRuntimes(names: readonly string[], report: (line: string) => void): Runtime[] {
	// Unknown names first: nothing is fetched for a typing error.
	const known = names.map((name) => (isFetched(name) || name === 'node' ? name : findHttpfn(name)));
	if (names.some(isFetched)) fetchRuntimes(report);
	return known.map((one): Runtime => {
		if (typeof one !== 'string') return one;
		if (!isFetched(one)) {
			return { name: one, kind: 'node', program: process.execPath, version: process.version };
		}
		const [folder, file] = PROGRAMS[one];
		const { version } = JSON.parse(readFileSync(join(MODULES, folder, 'package.json'), 'utf8')) as {
			version: string;
		};
		return { name: one, kind: one, program: join(MODULES, folder, file), version };
	});
}

function isFetched(name: string): name is keyof typeof PROGRAMS {
	return Object.hasOwn(PROGRAMS, name);
}

function findHttpfn(name: string): Runtime {
	const [peer] = name.startsWith('httpfn') || name.includes('=') ? findPeers([name]) : [];
	if (peer === undefined) {
		const wanted = ['node', ...Object.keys(PROGRAMS), 'httpfn', 'httpfn-bun', 'httpfn-node', 'NAME=PATH'];
		throw new TypeError(`--peers has ${JSON.stringify(name)}, wanted ${wanted.join(', ')}`);
	}
	const version = programVersion(peer.binary, ['version']);
	return { name: peer.name, kind: 'httpfn', program: peer.binary, version };
}

/** What the lock file names, each with its hash; nothing where that is there already. */
function fetchRuntimes(report: (line: string) => void): void {
	const [wanted, there] = [join(LOCKED, LOCK), join(FETCHED, LOCK)];
	const isCurrent = existsSync(there) && readFileSync(there).equals(readFileSync(wanted));
	if (
		isCurrent &&
		Object.values(PROGRAMS).every(([folder, file]) => existsSync(join(MODULES, folder, file)))
	) {
		return;
	}
	report('fetching functions-framework, workerd and miniflare from npm into .cache/peers');
	mkdirSync(FETCHED, { recursive: true });
	for (const file of ['package.json', LOCK]) copyFileSync(join(LOCKED, file), join(FETCHED, file));
	const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
	const done = spawnSync('npm', args, { cwd: FETCHED, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
	if (done.status === 0) return;
	throw new Error(
		`npm ${args.join(' ')} failed: ${done.error?.message ?? `${done.stdout}${done.stderr}`.trim()}`,
	);
}
