/** Processes to put into control groups: each waits to be told, so that it is in its group before it does anything. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as assert from 'uvu/assert';
import type { Cgroups, InstanceCgroup } from '../../src/isolation/cgroup.ts';
import { openCgroups } from '../../src/isolation/cgroups.ts';

export const MIB = 1024 * 1024;
export const LIMITS = { memoryBytes: 64 * MIB, tmpBytes: 512 * MIB, cpuMillicores: 300, processesMax: 64 };

/** Holds so much memory, page by page, and says so. */
export const HOLD = (megabytes: number) =>
	`exec perl -e '$| = 1; open Z, "/dev/zero"; sysread(Z, $x, ${megabytes} << 20); print "held\\n"; sleep 600'`;

export class WaitingProcess {
	readonly pid: number;
	readonly exited: Promise<unknown>;
	readonly #child: ChildProcess;

	private constructor(child: ChildProcess, pid: number) {
		this.#child = child;
		this.pid = pid;
		this.exited = once(child, 'exit');
	}

	/** Does what the bash script says once it is told to `go`. */
	static async start(script: string): Promise<WaitingProcess> {
		// Its input is a socket, for which bash would read what a user's shells begin with.
		const child = spawn('bash', ['--norc', '-c', `read -r _\n${script}`], {
			stdio: ['pipe', 'pipe', 'ignore'],
		});
		await once(child, 'spawn');
		return new WaitingProcess(child, child.pid ?? 0);
	}

	go(): void {
		this.#child.stdin?.write('\n');
	}

	/** Resolves with the first output; goes first. */
	async firstWords(): Promise<string> {
		const said = once(this.#child.stdout ?? this.#child, 'data');
		this.go();
		const [words] = await said;
		return String(words);
	}

	async kill(): Promise<void> {
		this.#child.kill('SIGKILL');
		await this.exited;
	}
}

/** Fails, and says what is needed, where this host lets no control group be written. */
export function realCgroups(): Cgroups {
	const cgroups = openCgroups();
	assert.ok(cgroups, 'run the tests as root, or with: systemd-run --user --scope -p Delegate=yes');
	return cgroups;
}

export async function enrolled(cgroup: InstanceCgroup, script: string): Promise<WaitingProcess> {
	const process = await WaitingProcess.start(script);
	await cgroup.enroll(process.pid);
	return process;
}
