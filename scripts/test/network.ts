/** A network of its own for each test file: port 8000 is always free, and nothing outside can be reached. */
import { spawnSync } from 'node:child_process';

/** The shell brings up the loopback, tells on descriptor 3 which namespace this is, and becomes the test. */
const SHELL = ['sh', '-c', 'ip link set lo up && readlink /proc/self/ns/net >&3 && exec "$@" 3>&-', 'sh'];

const WAYS = [
	{ argv: ['unshare', '--net', '--', ...SHELL], rootOnly: true },
	{ argv: ['unshare', '--user', '--map-root-user', '--net', '--', ...SHELL], rootOnly: false },
] as const;

/** What to put before a command. Throws with what to enable where no way works. */
export function ownNetwork(): readonly string[] {
	const reasons: string[] = [];
	for (const { argv, rootOnly } of WAYS) {
		if (rootOnly && process.getuid?.() !== 0) continue;
		const [program, ...rest] = argv;
		const probe = spawnSync(program, [...rest, 'true'], {
			stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
			encoding: 'utf8',
		});
		if (probe.status === 0) return argv;
		reasons.push(probe.error?.message ?? probe.stderr.trim());
	}
	throw new Error(
		`no test can have a network of its own: ${reasons.join('; ')}\n` +
			'wanted: the Debian packages iproute2 and util-linux (sudo apt-get install -y iproute2 util-linux), and either root ' +
			'or user namespaces: sudo sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0; ' +
			'in a container, start it with --cap-add SYS_ADMIN',
	);
}
