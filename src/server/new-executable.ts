/**
 * The executable that is to take over: judged, laid beside the one that runs, and put in its place when it serves.
 *
 *     FILE ──copied──▶ .upgrade-PID-…/NAME ──takes over──▶ linked as NAME, and what was NAME is NAME.previous
 *                              └──fails──▶ removed: nothing has changed
 */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import * as z from 'zod/mini';
import { errorText } from '../base/error-text.ts';
import { RuntimeError } from '../contract/errors.ts';
import { outputOf } from '../process/output-of.ts';
import { processIds } from '../process/process-table.ts';

const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const VERSION_MS_MAX = 30_000;
/** What the kernel adds to the name of a file that was replaced while it runs. */
const DELETED = ' (deleted)';

export interface NewExecutable {
	/** What is started. */
	readonly path: string;
	/** What it says of itself. */
	readonly version: string;
	/** Puts it in the place of the one that ran. Answers where that one is kept; null: nothing had to be moved. */
	install(): string | null;
	/** Removes what was laid beside; not when it serves. */
	discard(): void;
}

const told = () => z.object({ version: z.string(), engine: z.string(), platform: z.string() });

export interface NewExecutableOptions {
	readonly file: string;
	/** The executable that runs, as the kernel names it. */
	readonly running: string;
	/** False: FILE is started where it is, and stays there. */
	readonly replace: boolean;
	/** Judges a file before anything of it runs, and answers what comes before `version` on its command line. */
	readonly judge: (file: string) => Promise<readonly string[]>;
}

/** Rejects with ERR_UPGRADE_FAILED where FILE is no httpfn, does not run here, or can not be laid beside, and as `judge` does. */
export async function newExecutable({
	file,
	running,
	replace,
	judge,
}: NewExecutableOptions): Promise<NewExecutable> {
	const source = realFile(file);
	const place = placeOf(running);
	if (!replace || source === place) {
		return {
			path: source,
			version: await versionOf(source, file, await judge(source)),
			install: () => null,
			discard: () => {},
		};
	}
	const { staged, discard } = lay(source, place);
	try {
		return {
			path: staged,
			version: await versionOf(staged, file, await judge(staged)),
			install: () => install(staged, place),
			discard,
		};
	} catch (error) {
		discard();
		throw error;
	}
}

/** Where the one that runs is installed: it may run by the name that an upgrade gave it. */
function placeOf(running: string): string {
	const file = running.endsWith(DELETED) ? running.slice(0, -DELETED.length) : running;
	return file.replace(/\/\.upgrade-\d+-\w+(\/[^/]+)$/, '$1');
}

/** Links followed. Looked at without running it: what is no program at all is not started. */
function realFile(file: string): string {
	let fd: number | null = null;
	try {
		fd = fs.openSync(file, 'r');
		const start = Buffer.alloc(ELF.length);
		if (!fs.fstatSync(fd).isFile()) throw new Error('it is no file');
		fs.readSync(fd, start, 0, ELF.length, 0);
		if (!start.equals(ELF)) throw new Error('it is no executable of this system (ELF)');
		return fs.realpathSync(file);
	} catch (error) {
		throw unfit(file, errorText(error));
	} finally {
		if (fd !== null) fs.closeSync(fd);
	}
}

/**
 * Into a folder that nobody else has, whose name tells of whom it is. On the disk when it returns: a machine that loses power after the
 * change must not start half a file.
 */
function lay(source: string, place: string): { readonly staged: string; discard(): void } {
	const parent = path.dirname(place);
	let folder: string | null = null;
	const discard = (): void => {
		if (folder !== null) fs.rmSync(folder, { recursive: true, force: true });
	};
	try {
		folder = fs.mkdtempSync(path.join(parent, `.upgrade-${process.pid}-`));
		fs.chmodSync(folder, 0o755);
		// Under its own name, which is what lists of processes show.
		const staged = path.join(folder, path.basename(place));
		fs.copyFileSync(source, staged, fs.constants.COPYFILE_FICLONE);
		fs.chmodSync(staged, 0o755);
		const fd = fs.openSync(staged, 'r');
		try {
			fs.fsyncSync(fd);
		} finally {
			fs.closeSync(fd);
		}
		return { staged, discard };
	} catch (error) {
		discard();
		const { code } = error as NodeJS.ErrnoException;
		throw new RuntimeError(
			'ERR_UPGRADE_FAILED',
			`Could not lay the new httpfn into ${parent} (${code ?? errorText(error)}); wanted a folder that this user may write to, or --no-replace`,
			{ cause: error },
		);
	}
}

function install(staged: string, place: string): string | null {
	const previous = `${place}.previous`;
	let kept: string | null = null;
	try {
		const draft = `${previous}.${process.pid}`;
		if (fs.existsSync(place)) {
			fs.linkSync(place, draft);
			fs.renameSync(draft, previous);
			kept = previous;
		}
		// What serves goes on under the name that it was started by, which has to stay: it starts engines and workers by it.
		const next = `${place}.${process.pid}`;
		fs.linkSync(staged, next);
		fs.renameSync(next, place);
		removeUnused(path.dirname(place));
		return kept;
	} catch (error) {
		throw new RuntimeError(
			'ERR_UPGRADE_FAILED',
			`The new httpfn serves, from ${staged}, and could not be moved to ${place}: ${errorText(error)}; wanted: move it there`,
			{ cause: error },
		);
	}
}

/** What was laid beside by earlier upgrades, and nobody runs any more. The new one serves, whether that can be removed or not. */
function removeUnused(folder: string): void {
	const pids = processIds();
	const running = new Set(pids.map(executableOf));
	for (const name of fs.readdirSync(folder)) {
		const by = /^\.upgrade-(\d+)-\w+$/.exec(name)?.[1];
		// Of an upgrade that is under way nobody runs it yet.
		if (by === undefined || pids.includes(Number(by))) continue;
		const laid = path.join(folder, name);
		if ([...running].some((file) => path.dirname(file) === laid)) continue;
		try {
			fs.rmSync(laid, { recursive: true, force: true });
		} catch {
			// A later upgrade tries again.
		}
	}
}

function executableOf(pid: number): string {
	try {
		return fs.readlinkSync(`/proc/${pid}/exe`);
	} catch {
		return '';
	}
}

/** Of `FILE version --json`. */
async function versionOf(program: string, named: string, before: readonly string[]): Promise<string> {
	const args = [...before, 'version', '--json'];
	const spec = { command: program, args, cwd: '/', environment: {} };
	const { code, signal, stdout, stderr } = await outputOf(spec, VERSION_MS_MAX).catch((error: unknown) => {
		throw unfit(named, errorText(error));
	});
	if (code === 0) return parsedVersion(stdout, named);
	throw unfit(named, `its version command ended with ${code ?? signal}: ${stderr.trim().slice(-500)}`);
}

function parsedVersion(output: string, named: string): string {
	try {
		return z.parse(told(), JSON.parse(output)).version;
	} catch {
		throw unfit(
			named,
			`its version command says ${JSON.stringify(output.slice(0, 200))}, which no httpfn says`,
		);
	}
}

function unfit(file: string, problem: string): RuntimeError {
	return new RuntimeError(
		'ERR_UPGRADE_FAILED',
		`Could not upgrade to ${file}: ${problem}; wanted an executable of httpfn for this machine`,
	);
}
