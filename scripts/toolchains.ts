/**
 * What the tests and the benchmark need of Debian: interpreters for the example functions, and the programs that give
 * each test its own network. Installs what is missing when run as root; says what to type when not.
 *
 * Runnable alone: `node scripts/toolchains.ts [--bench] [--help]`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** Debian asks this program whether a package may start its service (101: no). */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d';

type Report = (line: string) => void;

interface Requirement {
	readonly package: string;
	readonly reason: string;
	/** Another package, or a name that other packages provide, which serves as well. */
	readonly orElse?: string;
}

const TEST_NEEDS: readonly Requirement[] = [
	{ package: 'bash', reason: 'runs every bootstrap' },
	{ package: 'iproute2', reason: 'brings up the loopback of a test’s network' },
	{ package: 'util-linux', reason: 'unshare: a network for each test file' },
	{ package: 'git', reason: 'tells the mode of every example’s bootstrap' },
	{ package: 'procps', reason: 'pgrep: tells what a test left behind' },
	{ package: 'systemd', reason: 'systemd-analyze: judges the units of httpfn service' },
	{ package: 'curl', reason: 'a client of HTTP/2' },
	{ package: 'python3', reason: 'examples/python-http' },
	{ package: 'python3-flask', reason: 'examples/python-flask' },
	{ package: 'libfaketime', reason: 'a machine whose clock is wrong' },
	{ package: 'python3-debugpy', reason: 'the debugger of a function in Python' },
	{ package: 'golang-go', reason: 'examples/go' },
	{ package: 'default-jdk-headless', reason: 'examples/java', orElse: 'java-sdk-headless' },
	{ package: 'php-cli', reason: 'examples/php' },
	{ package: 'rustc', reason: 'examples/rust' },
	{ package: 'chromium-headless-shell', reason: 'shows the report of a benchmark run' },
];

const BENCH_NEEDS: readonly Requirement[] = [
	{ package: 'nginx-light', reason: 'a peer, and the upstream', orElse: 'nginx-core' },
	{ package: 'haproxy', reason: 'a peer' },
	{ package: 'caddy', reason: 'a peer' },
	{ package: 'wrk', reason: 'makes the load' },
	{ package: 'nghttp2-client', reason: 'h2load: makes it over HTTP/2' },
	{ package: 'openssl', reason: 'makes certificates' },
];

/** Sees to what `npm test` needs, which runs a short benchmark too. Throws an Error that holds the exact apt-get line where it may not install. */
export async function ensureToolchains(report: Report): Promise<void> {
	ensure([...TEST_NEEDS, ...BENCH_NEEDS], report);
}

/** Sees to what `npm run bench -- gateway` needs. */
export async function ensureBenchPeers(report: Report): Promise<void> {
	ensure(BENCH_NEEDS, report);
}

function ensure(needs: readonly Requirement[], report: Report): void {
	const missing = missingPackages(needs);
	if (missing.length === 0) return;
	const names = missing.map((need) => need.package);
	if (process.getuid?.() !== 0) {
		throw new Error(
			`Debian packages are missing: ${names.join(', ')}. Install them: ` +
				`sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names.join(' ')}`,
		);
	}
	for (const need of missing) report(`installing ${need.package} (${need.reason})`);
	aptGet(['update', '-q']);
	withoutStartingServices(() => aptGet(['install', '-y', '-q', '--no-install-recommends', ...names]));
	report(`installed ${names.join(', ')}`);
}

/** Those of `needs` that neither are installed nor have a stand-in that is. */
export function missingPackages(needs: readonly Requirement[]): readonly Requirement[] {
	const format = '$' + '{Package}\t$' + '{db:Status-Abbrev}\t$' + '{Provides}\n';
	const query = spawnSync('dpkg-query', ['--show', `--showformat=${format}`], {
		encoding: 'utf8',
		maxBuffer: 64 * 1024 * 1024,
	});
	if (query.error !== undefined) {
		const names = needs.map((need) => need.package).join(', ');
		throw new Error(
			`dpkg-query does not run (${query.error.message}); wanted: Debian or a derivative, with ${names}`,
		);
	}
	const installed = installedNames(query.stdout);
	return needs.filter((need) => !installed.has(need.package) && !(need.orElse && installed.has(need.orElse)));
}

function installedNames(listing: string): Set<string> {
	const names = new Set<string>();
	for (const line of listing.split('\n')) {
		const [name, status, provides] = line.split('\t');
		if (name === undefined || !status?.startsWith('ii')) continue;
		names.add(name);
		for (const provided of provides?.split(', ') ?? []) names.add(provided.replace(/ \(.*$/, ''));
	}
	return names;
}

/** Debian starts what it installs; a test wants the program nginx, not a web server on port 80. */
function withoutStartingServices(install: () => void): void {
	const policyIsOurs = !existsSync(SERVICE_POLICY);
	if (policyIsOurs) writeFileSync(SERVICE_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
	try {
		install();
	} finally {
		if (policyIsOurs) rmSync(SERVICE_POLICY, { force: true });
	}
}

function aptGet(argv: readonly string[]): void {
	const done = spawnSync('apt-get', argv, {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
	});
	if (done.status === 0) return;
	const output = `${done.stdout ?? ''}${done.stderr ?? ''}`.trimEnd().split('\n').slice(-15).join('\n');
	throw new Error(
		`apt-get ${argv.join(' ')} failed (${done.error?.message ?? `exit ${done.status}`}):\n${output}`,
	);
}

if (import.meta.main) {
	if (process.argv.includes('--help')) {
		console.log('Installs what npm test needs of Debian. --bench: what the gateway benchmark needs besides.');
	} else {
		const ensureAll = process.argv.includes('--bench')
			? [ensureToolchains, ensureBenchPeers]
			: [ensureToolchains];
		try {
			for (const ensureOne of ensureAll) await ensureOne((line) => console.log(line));
			console.log('toolchains: complete');
		} catch (error) {
			console.error(error instanceof Error ? error.message : error);
			process.exitCode = 1;
		}
	}
}
