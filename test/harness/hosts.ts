/** Whoever runs httpfn in a test of isolation: root, or a user without any rights. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENCE_SECONDS, type RunningFunction, startBinary } from './binary.ts';

/** Nobody's: it stands in no list of users. */
const STRANGER = '54321';
const ALL_USERS = 4_294_967_295;

export interface Host {
	readonly name: string;
	/** `httpfn run FOLDER …` with namespace isolation, its URL printed. */
	run(folder: string, argv?: readonly string[]): Promise<RunningFunction>;
	/** `httpfn serve` with this configuration, and the file it stands in. */
	serve(config: ServeConfig): Promise<Served>;
}

/** The parts of a config file that tests name. Functions get PATIENCE_SECONDS, unless they say how much. */
export interface ServeConfig {
	readonly functions: Readonly<Record<string, object>>;
	readonly [key: string]: unknown;
}

export interface Served extends AsyncDisposable {
	readonly running: RunningFunction;
	readonly configFile: string;
	/** Writes another configuration and asks for it with SIGHUP; who waits for what is the test's business. */
	rewrite(config: ServeConfig): Promise<void>;
}

/** The user who runs the test. */
export const ownHost: Host = host('the test’s own user', []);

/** A user with no rights at all; where the test is run by one already, that one. */
export function strangerHost(): Host {
	if (!isRealRoot()) return host('the test’s own user', []);
	const prefix = ['setpriv', `--reuid=${STRANGER}`, `--regid=${STRANGER}`, '--clear-groups', '--'];
	makeReadable(prefix);
	return host('a user without rights', prefix);
}

function host(name: string, prefix: readonly string[]): Host {
	const environment = prefix.length === 0 ? {} : { HOME: '/nonexistent', XDG_RUNTIME_DIR: '' };
	const start = (argv: readonly string[]) =>
		startBinary([...argv, '--isolation', 'namespace', '--log-format', 'json'], { environment, prefix });
	return {
		name,
		run: (folder, argv = []) => start(['run', folder, '--listen', '127.0.0.1:0', ...argv]),
		serve: async (config) => await serve(config, start),
	};
}

async function serve(
	config: ServeConfig,
	start: (argv: readonly string[]) => Promise<RunningFunction>,
): Promise<Served> {
	const folder = await mkdtemp(join(tmpdir(), 'httpfn-serve-'));
	await chmod(folder, 0o755);
	const configFile = join(folder, 'httpfn.json');
	const write = async (value: ServeConfig): Promise<void> => {
		const functions = Object.entries(value.functions).map(([name, settings]) => [
			name,
			{ timeout: PATIENCE_SECONDS, initTimeout: PATIENCE_SECONDS, ...settings },
		]);
		const whole = { listen: '127.0.0.1:0', ...value, functions: Object.fromEntries(functions) };
		await writeFile(configFile, JSON.stringify(whole));
		await chmod(configFile, 0o644);
	};
	await write(config);
	const remove = () => rm(folder, { recursive: true, force: true });
	try {
		const running = await start(['serve', '--config', configFile]);
		return {
			running,
			configFile,
			rewrite: async (value) => {
				await write(value);
				running.signal('SIGHUP');
			},
			[Symbol.asyncDispose]: async () => {
				await running[Symbol.asyncDispose]();
				await remove();
			},
		};
	} catch (error) {
		await remove();
		throw error;
	}
}

/** Root of a namespace may not become just anyone. */
function isRealRoot(): boolean {
	if (process.getuid?.() !== 0) return false;
	const [inside, , count] = readFileSync('/proc/self/uid_map', 'latin1').trim().split(/\s+/).map(Number);
	return inside === 0 && count === ALL_USERS;
}

/** The executable may lie in a folder that only its owner reads. */
function makeReadable(prefix: readonly string[]): void {
	const binary = process.env.HTTPFN_BINARY ?? '';
	const [program = '', ...rest] = [...prefix, 'test', '-x', binary];
	if (spawnSync(program, rest).status === 0) return;
	const folder = mkdtempSync(join(tmpdir(), 'httpfn-binary-'));
	chmodSync(folder, 0o755);
	copyFileSync(binary, join(folder, 'httpfn'));
	process.env.HTTPFN_BINARY = join(folder, 'httpfn');
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
