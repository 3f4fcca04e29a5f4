/**
 * systemd as the first process of namespaces that the test made: with units of the test's own, a network of its own, and none of the
 * services that this machine starts. Needs root, and a hierarchy of control groups that can be written.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finished, runBinary } from './binary.ts';
import { until } from './until.ts';

const GROUPS = '/sys/fs/cgroup';
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

/** `$1`: name of the group that all of it is in, in each hierarchy; systemd sees no other. It takes a /run that is mounted as it is. */
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
for one in /sys/fs/cgroup /sys/fs/cgroup/*; do
	if [ -e $one/cgroup.procs ] && [ ! -L $one ]; then mkdir $one/$1; echo 0 > $one/$1/cgroup.procs || rmdir $one/$1; fi
done
exec unshare --cgroup sh -e -c '
	if [ -d /sys/fs/cgroup/systemd ]
	then
		for one in /sys/fs/cgroup/*; do ! mountpoint -q $one || umount $one; done
		mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
	else umount /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup
	fi
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
		const group = `httpfn-test-${process.pid}`;
		const spaces = ['--mount', '--pid', '--net', '--ipc', '--uts', '--fork', '--kill-child', '--mount-proc'];
		const outer = spawn('unshare', [...spaces, 'sh', '-c', BOOT, 'sh', group], {
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let said = '';
		for (const stream of [outer.stdout, outer.stderr]) stream?.on('data', (bytes) => (said += bytes));
		const pid = await until('systemd is the first process', () => {
			if (outer.exitCode !== null) {
				removeGroups(group);
				throw new Error(`systemd did not start: ${said}`);
			}
			const children = readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, 'latin1').trim();
			const isSystemd = children !== '' && commandOf(Number(children)) === 'systemd';
			return isSystemd ? Number(children) : null;
		});
		const booted = new BootedSystemd(outer, group, pid);
		try {
			await until('systemd has started what it was to', () =>
				booted.run('systemctl', 'is-active', 'multi-user.target').stdout === 'active\n' ? true : null,
			);
			return booted;
		} catch (error) {
			await booted[Symbol.asyncDispose]();
			throw error;
		}
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
		await until('its groups are gone', () => (removeGroups(this.#group) ? true : null));
	}

	get #prefix(): readonly string[] {
		return ['--target', String(this.#pid), '--mount', '--pid', '--net', '--ipc', '--uts', '--'];
	}
}

function commandOf(pid: number): string {
	return readFileSync(`/proc/${pid}/comm`, 'latin1').trim();
}

/** False while a process is left in one. */
function removeGroups(name: string): boolean {
	const hierarchies = [GROUPS, ...readdirSync(GROUPS).map((one) => join(GROUPS, one))];
	const groups = hierarchies.map((one) => join(one, name)).filter((path) => existsSync(path));
	// Without a path, find would look where the test runs.
	if (groups.length === 0) return true;
	spawnSync('find', [...groups, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']);
	return groups.every((path) => !existsSync(path));
}
