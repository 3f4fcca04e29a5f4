/**
 * One place as the namespace thread has it: a chain of processes that made its namespaces, and descriptors of those.
 *
 *     made (init waits) ──start──▶ running ──▶ gone
 *          └──load──▶ zygote (an engine waits) ──start──┘
 *
 * The outer process, `unshare`, stays as the parent of the place's first process and ends when all of it has ended.
 */
import { closeSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import type { Pipe } from '../engine/pipe.ts';
import { openPipe } from '../engine/pipe.ts';
import { hasTold } from '../process/has-told.ts';
import { type BareProcess, type ProcessExit, spawnWithDescriptors } from '../process/spawn.ts';
import { initScript, PLACE_WAIT } from './init-script.ts';
import type { Kernel } from './kernel.ts';
import { CLONE } from './kernel.ts';
import { PLACES } from './places.ts';
import type { PlacePlan } from './thread-protocol.ts';

export class Place {
	readonly exited: Promise<ProcessExit>;
	readonly stdoutFd: number;
	readonly stderrFd: number;
	readonly initPid: number;
	/** The process that becomes the bootstrap, and leads a group of its own. */
	readonly bootstrapPid: number;
	readonly mountFd: number;
	readonly networkFd: number;
	/** What the waiting process tells; whoever gets it closes it. */
	readonly toldFd: number;
	readonly #outerPid: number;
	readonly #controlFd: number;
	readonly #scriptFd: number;
	readonly #complaintsFd: number;
	gone = false;

	private constructor(parts: PlaceParts) {
		this.exited = parts.exited;
		this.stdoutFd = parts.stdoutFd;
		this.stderrFd = parts.stderrFd;
		this.#outerPid = parts.outerPid;
		this.#controlFd = parts.controlFd;
		this.#scriptFd = parts.scriptFd;
		this.#complaintsFd = parts.complaintsFd;
		this.toldFd = parts.toldFd;
		this.initPid = onlyChild(parts.outerPid);
		this.bootstrapPid = onlyChild(this.initPid);
		this.mountFd = openSync(`/proc/${parts.outerPid}/ns/mnt`, 'r');
		this.networkFd = openSync(`/proc/${parts.outerPid}/ns/net`, 'r');
	}

	/**
	 * Resolves when the place's first process waits. Rejects with what the tools said. `enterRoot` leads to the namespace from which the
	 * place is made, in which /proc is the host's: meanwhile the thread may have been elsewhere.
	 */
	static async make(kernel: Kernel, plan: PlacePlan, enterRoot: () => void): Promise<Place> {
		enterRoot();
		const [scriptFd, complaintsFd] = [kernel.memoryFile('start'), kernel.memoryFile('complaints')];
		writeSync(scriptFd, PLACE_WAIT, 0);
		const [control, stdout, stderr, told] = [pipe(), pipe(), pipe(), pipe()];
		const stdio = [control.readFd, stdout.writeFd, complaintsFd, told.writeFd, scriptFd, stderr.writeFd];
		// The read end of a pipe of ours does not block; a shell's `read` has to.
		kernel.libc.fcntl(control.readFd, F_SETFL, 0);
		const kept = {
			stdoutFd: stdout.readFd,
			stderrFd: stderr.readFd,
			controlFd: control.writeFd,
			scriptFd,
			complaintsFd,
			toldFd: told.readFd,
		};
		try {
			const given = [control.readFd, stdout.writeFd, stderr.writeFd, told.writeFd];
			const { pid, exited } = await spawnTools(plan, stdio).finally(() => closeAll(given));
			if (!(await hasTold(kernel.libc, told.readFd))) throw new Error(complaint(complaintsFd, await exited));
			enterRoot();
			const truthful = exited.then((exit) => truthfulExit(exit, complaintsFd));
			return new Place({ ...kept, exited: truthful, outerPid: pid });
		} catch (error) {
			closeAll(Object.values(kept));
			throw error;
		}
	}

	/** Has the waiting process take the text: a script where a shell waits, a start message where an engine does. */
	run(text: string): void {
		ftruncateSync(this.#scriptFd);
		// The offset is shared with the reader, and stays at the beginning.
		writeSync(this.#scriptFd, text, 0);
		writeSync(this.#controlFd, '\n');
	}

	/** Has the waiting process become an engine. Resolves when that waits in turn; rejects when it never will. */
	async load(kernel: Kernel, script: string): Promise<void> {
		this.run(script);
		const waits = await hasTold(kernel.libc, this.toldFd);
		if (!waits) throw new Error('the engine that was to wait for a function has ended');
	}

	enter(kernel: Kernel, what: 'mounts' | 'network'): void {
		if (what === 'mounts') kernel.enter(this.mountFd, CLONE.newNamespace);
		else kernel.enter(this.networkFd, CLONE.newNetwork);
	}

	kill(): void {
		if (this.gone) return;
		// The end of the first process is the end of all; the outer one passes on how it ended.
		try {
			process.kill(this.initPid, 'SIGKILL');
		} catch {
			process.kill(this.#outerPid, 'SIGKILL');
		}
	}

	/** Ends it, and closes what whoever asked for it was to have, too. Resolves when nothing of it is left. */
	async undo(): Promise<void> {
		this.kill();
		await this.exited;
		this.close();
		closeAll([this.stdoutFd, this.stderrFd, this.toldFd]);
	}

	/** Call it once, when it is gone. */
	close(): void {
		this.gone = true;
		closeAll([this.#controlFd, this.#scriptFd, this.#complaintsFd, this.mountFd, this.networkFd]);
	}
}

interface PlaceParts {
	readonly exited: Promise<ProcessExit>;
	readonly outerPid: number;
	readonly stdoutFd: number;
	readonly stderrFd: number;
	readonly controlFd: number;
	readonly scriptFd: number;
	readonly complaintsFd: number;
	readonly toldFd: number;
}

const F_SETFL = 4;

/**
 * `--pdeathsig` twice: the outer process dies with this thread, the first process of the place with the outer one. A
 * change of user takes that wish back, so it is the last to be set.
 */
function commandLine({ tools, privileged, limits, born }: PlacePlan): string[] {
	const { uid } = PLACES.user;
	const user = String(uid);
	const namespaces = [
		'--net',
		'--pid',
		'--mount',
		'--ipc',
		'--uts',
		'--fork',
		'--kill-child=KILL',
		'--mount-proc',
	];
	const own = privileged ? [] : ['--user', `--map-user=${user}`, `--map-group=${user}`, '--keep-caps'];
	const identity = privileged
		? ['--reuid', user, '--regid', user, '--clear-groups']
		: ['--ambient-caps=-all'];
	return [
		...[tools.setpriv, '--pdeathsig', 'KILL'],
		...[tools.unshare, ...own, ...namespaces],
		...[
			tools.setpriv,
			...identity,
			'--bounding-set=-all',
			'--inh-caps=-all',
			'--no-new-privs',
			'--pdeathsig',
			'KILL',
		],
		...[tools.bash, '--norc', '-c', initScript(limits, tools.bash, born)],
	];
}

function spawnTools(plan: PlacePlan, stdio: readonly number[]): Promise<BareProcess> {
	const [command = '', ...args] = commandLine(plan);
	return spawnWithDescriptors({ command, args, cwd: '/', environment: {} }, stdio);
}

function closeAll(descriptors: readonly number[]): void {
	for (const fd of descriptors) closeSync(fd);
}

function pipe(): Pipe {
	const opened = openPipe();
	if (opened === null) throw new Error('no pipe could be made');
	return opened;
}

function complaint(fd: number, exit: ProcessExit): string {
	const text = readText(fd);
	return text === '' ? `the tools ended with ${exit.signal ?? `code ${exit.code}`}` : text;
}

/**
 * `unshare` ends as its child did, but cannot end itself by SIGKILL: it complains and exits with 1 (util-linux 2.38). Nothing
 * but SIGKILL ends the first process of a place against its will.
 */
function truthfulExit(exit: ProcessExit, complaintsFd: number): ProcessExit {
	return exit.code === 1 && readText(complaintsFd) !== '' ? { code: null, signal: 'SIGKILL' } : exit;
}

/** Of a file in memory, from its beginning. */
function readText(fd: number): string {
	const bytes = Buffer.alloc(4096);
	return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, 0)).trim();
}

function onlyChild(pid: number): number {
	const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ')[0]);
	if (!Number.isInteger(child) || child <= 0) throw new Error(`process ${pid} has no child`);
	return child;
}
