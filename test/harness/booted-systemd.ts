/**
 * systemd as the first process of namespaces that the test made: with units of the test's own, a network of its own, and none of the
 * services that this machine starts. Needs root, and a hierarchy of control groups that can be written.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { type Finished, runBinary } from './binary.ts';
import { until } from './until.ts';

/** What every service depends on, and no more. */
const TARGETS = [
	'basic',
	'sysinit',
	'shutdown',
	'multi-user',
	'sockets',
	'network',
	'slices',
	'paths',
	'timers',
];

/** `$1`: the group that all of it is in. systemd takes a /run that is mounted as it is. */
const BOOT = `set -e
mount --make-rprivate /
ip link set lo up
mount -t tmpfs tmpfs /run
units=$(readlink -f /lib/systemd/system)
mkdir /run/units /run/none
for name in ${TARGETS.join(' ')}; do cp $units/$name.target /run/units; done
mount --bind /run/units $units
mount --bind /run/none $(readlink -f /lib/systemd/system-generators)
mount --bind /run/none /etc/init.d
mount -t tmpfs tmpfs /etc/systemd/system
mkdir "$1"
echo 0 > "$1/cgroup.procs"
exec unshare --cgroup sh -e -c '
	if [ -d /sys/fs/cgroup/systemd ]; then umount /sys/fs/cgroup/systemd; mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
	else umount /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup; fi
	container=test exec /lib/systemd/systemd --system --unit=multi-user.target --log-target=console --show-status=false'
`;

export class BootedSystemd implements AsyncDisposable {
	readonly #outer: ChildProcess;
	readonly #group: string;
	readonly #pid: number;

	private constructor(outer: ChildProcess, group: string, pid: number) {
		this.#outer = outer;
		this.#group = group;
		this.#pid = pid;
	}

	static async boot(): Promise<BootedSystemd> {
		const hierarchy = spawnSync('test', ['-d', '/sys/fs/cgroup/systemd']).status === 0 ? '/systemd' : '';
		const group = `/sys/fs/cgroup${hierarchy}/httpfn-test-${process.pid}`;
		const spaces = ['--mount', '--pid', '--net', '--ipc', '--uts', '--fork', '--kill-child', '--mount-proc'];
		const outer = spawn('unshare', [...spaces, 'sh', '-c', BOOT, 'sh', group], {
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let said = '';
		for (const stream of [outer.stdout, outer.stderr]) stream?.on('data', (bytes) => (said += bytes));
		const pid = await until('systemd is the first process', () => {
			assert.is(outer.exitCode, null, `systemd did not start: ${said}`);
			const children = readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'latin1').trim();
			const isSystemd = children !== '' && commandOf(Number(children)) === 'systemd';
			return isSystemd ? Number(children) : null;
		});
		const booted = new BootedSystemd(outer, group, pid);
		await until('systemd has started what it was to', () =>
			booted.run('systemctl', 'is-active', 'multi-user.target').stdout === 'active\n' ? true : null,
		);
		return booted;
	}

	/** A program of this machine, where systemd is. */
	run(...argv: readonly string[]): {
		readonly code: number | null;
		readonly stdout: string;
		readonly stderr: string;
	} {
		const { status, stdout, stderr } = spawnSync('nsenter', [...this.#prefix, ...argv], { encoding: 'utf8' });
		return { code: status, stdout, stderr };
	}

	/** A command of the executable, where systemd is. */
	httpfn(...argv: readonly string[]): Promise<Finished> {
		return runBinary(argv, { prefix: ['nsenter', ...this.#prefix] });
	}

	/** One property of a unit. */
	property(unit: string, name: string): string {
		return this.run('systemctl', 'show', '--property', name, '--value', unit).stdout.trim();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		const ended = new Promise((resolve) => this.#outer.once('close', resolve));
		process.kill(this.#pid, 'SIGKILL');
		await ended;
		await until('its groups are empty', () =>
			spawnSync('find', [this.#group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']).status === 0
				? true
				: null,
		);
	}

	get #prefix(): readonly string[] {
		return ['--target', String(this.#pid), '--mount', '--pid', '--net', '--ipc', '--uts', '--'];
	}
}

function commandOf(pid: number): string {
	return readFileSync(`/proc/${pid}/comm`, 'latin1').trim();
}
