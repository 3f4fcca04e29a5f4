/**
 * A root file system with one executable, the C library it links, /proc, /dev/null and an empty /tmp, and nothing else: no shell, no /etc, no
 * list of users, no name server.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import type { StartOptions } from './binary.ts';

/** Where the executable is in it. */
const PROGRAM = '/app';

export interface BareRoot extends Disposable {
	readonly path: string;
	/** How the executable is started in there. */
	start(more?: BareStart): StartOptions;
}

export interface BareStart {
	/** Commands of a shell, with the root in $ROOT, before it is entered. */
	readonly prepare?: string;
	readonly environment?: Readonly<Record<string, string>>;
}

export function bareRoot(executable: string): BareRoot {
	const path = mkdtempSync(join(tmpdir(), 'httpfn-bare-'));
	for (const folder of ['proc', 'dev', 'tmp']) mkdirSync(join(path, folder));
	writeFileSync(join(path, 'dev/null'), '');
	linkSync(executable, join(path, PROGRAM));
	for (const [library = ''] of execFileSync('ldd', [executable], { encoding: 'utf8' }).matchAll(/\/\S+/g)) {
		mkdirSync(join(path, dirname(library)), { recursive: true });
		copyFileSync(library, join(path, library));
	}
	return {
		path,
		start: (more) => startIn(path, more),
		[Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
	};
}

function startIn(path: string, { prepare = 'true', environment = {} }: BareStart = {}): StartOptions {
	const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
	const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
	const script = [
		'set -e',
		'mount --bind "$ROOT" "$ROOT"',
		'mount --bind /dev/null "$ROOT/dev/null"',
		'mount --rbind /proc "$ROOT/proc"',
		prepare,
		`exec env -i ${variables.map((pair) => `'${pair}'`).join(' ')} unshare --root="$ROOT" "$@"`,
	].join('\n');
	return {
		program: PROGRAM,
		environment: { ROOT: path },
		prefix: ['unshare', '--mount', ...user, 'sh', '-c', script, 'sh'],
	};
}
