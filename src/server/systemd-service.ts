/** Units of systemd for httpfn. Why each directive is there, and why others are not, stands in docs/service.md. */
import { LIMITS } from '../contract/limits.ts';
import type { ServiceFile, ServiceFiles, ServicePlan } from './service-plan.ts';

type Line = readonly [directive: string, value: string];

/** Longer than a drain and the end of instances together, so that nothing is killed that would have ended. */
const STOP_SECONDS = (LIMITS.drainGraceMs + LIMITS.stopGraceMs) / 1000 + 15;
const WATCHDOG_SECONDS = 30;
const FOLDERS = { system: '/etc/systemd/system', user: '/etc/systemd/user' } as const;

/** What root needs to make places for instances: without one of them functions do not start, or can not be looked after. */
const CAPABILITIES = [
	...['CAP_SYS_ADMIN', 'CAP_SYS_CHROOT', 'CAP_NET_ADMIN', 'CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'],
	...['CAP_KILL', 'CAP_SYS_PTRACE', 'CAP_SYS_RESOURCE', 'CAP_DAC_OVERRIDE', 'CAP_DAC_READ_SEARCH'],
	...['CAP_CHOWN', 'CAP_FOWNER', 'CAP_NET_BIND_SERVICE'],
];

/** `folder`: where units of this scope lie. */
export function systemdService(plan: ServicePlan, folder: string = FOLDERS[plan.scope]): ServiceFiles {
	const { name, scope, sockets } = plan;
	const files: ServiceFile[] = [unitFile(`${folder}/${name}.service`, serviceSections(plan))];
	if (sockets !== null) files.push(unitFile(`${folder}/${name}.socket`, socketSections(plan, sockets)));
	const systemctl = scope === 'user' ? ['systemctl', '--user'] : ['systemctl'];
	const units = sockets === null ? [`${name}.service`] : [`${name}.socket`, `${name}.service`];
	return {
		files,
		enable: [
			[...systemctl, 'daemon-reload'],
			[...systemctl, 'enable', '--now', ...units],
		],
		disable: [[...systemctl, 'disable', '--now', ...units]],
		forget: [[...systemctl, 'daemon-reload']],
	};
}

function serviceSections(plan: ServicePlan): readonly (readonly [string, readonly Line[]])[] {
	const { name, description, scope, sockets } = plan;
	const unit: Line[] = [
		['Description', plain(description)],
		['After', 'network.target'],
		...(sockets === null
			? []
			: [['Requires', `${name}.socket`] as const, ['After', `${name}.socket`] as const]),
	];
	const service = [...running(plan), ...folders(plan), ...limits(), ...hardening(plan)];
	const target = scope === 'user' ? 'default.target' : 'multi-user.target';
	return [
		['Unit', unit],
		['Service', service],
		['Install', [['WantedBy', target]]],
	];
}

function running({ command, config, runAs }: ServicePlan): Line[] {
	const [program] = command;
	return [
		['Type', 'notify'],
		['NotifyAccess', 'main'],
		['ExecStart', commandLine(command)],
		...(config === null
			? []
			: [['ExecReload', commandLine([program, 'reload', '--config', config])] as const]),
		...(runAs === null ? [] : [['User', plain(runAs)] as const]),
		['Restart', 'on-failure'],
		['RestartSec', '1'],
		// What is wrong with the settings stays wrong.
		['RestartPreventExitStatus', '2'],
		['WatchdogSec', `${WATCHDOG_SECONDS}`],
		['TimeoutStopSec', `${STOP_SECONDS}`],
		['KillMode', 'mixed'],
	];
}

function folders({ name, scope, runAs, state, writes }: ServicePlan): Line[] {
	if (scope === 'user') return [];
	const own = runAs === null ? 'httpfn' : name;
	return [
		['RuntimeDirectory', own],
		['RuntimeDirectoryMode', '0700'],
		// Others of root have it too.
		['RuntimeDirectoryPreserve', 'yes'],
		...(runAs === null ? [] : [['Environment', `XDG_RUNTIME_DIR=/run/${name}`] as const]),
		...(state === null ? [] : [['StateDirectory', state] as const, ['StateDirectoryMode', '0700'] as const]),
		...writes.map((folder) => ['ReadWritePaths', quoted(folder)] as const),
	];
}

function limits(): Line[] {
	return [
		['Delegate', 'yes'],
		// An instance that takes too much memory is ended by itself.
		['OOMPolicy', 'continue'],
		['LimitNOFILE', '65536'],
		['TasksMax', 'infinity'],
	];
}

/** In a user's own manager what needs mounts would cost the service its user namespaces. */
function hardening({ scope, runAs, usesHomes, usesTmp }: ServicePlan): Line[] {
	const everywhere: Line[] = [
		['NoNewPrivileges', 'yes'],
		['LockPersonality', 'yes'],
		['RestrictRealtime', 'yes'],
		['RestrictSUIDSGID', 'yes'],
		['RestrictAddressFamilies', 'AF_UNIX AF_INET AF_INET6 AF_NETLINK'],
		['SystemCallArchitectures', 'native'],
	];
	if (scope === 'user') return everywhere;
	const system: Line[] = [
		...everywhere,
		['ProtectSystem', 'strict'],
		['ProtectHome', usesHomes ? 'read-only' : 'yes'],
		...(usesTmp ? [] : [['PrivateTmp', 'yes'] as const]),
		['PrivateDevices', 'yes'],
		['ProtectClock', 'yes'],
		['ProtectKernelModules', 'yes'],
	];
	// Who is not root mounts a /proc of his own, which the kernel grants only where nothing of the host's is covered.
	if (runAs !== null) return [...system, ['CapabilityBoundingSet', '']];
	return [
		...system,
		['ProtectKernelLogs', 'yes'],
		['ProtectKernelTunables', 'yes'],
		['CapabilityBoundingSet', CAPABILITIES.join(' ')],
	];
}

function socketSections({ name, description }: ServicePlan, sockets: readonly string[]) {
	return [
		['Unit', [['Description', plain(`Sockets of ${description}`)]]],
		[
			'Socket',
			[
				...sockets.map((place) => ['ListenStream', plain(place)] as const),
				// So that a name of this machine is not needed for both families.
				['BindIPv6Only', 'ipv6-only'],
				['Backlog', '1024'],
				['NoDelay', 'yes'],
				['SocketMode', '0660'],
				['FileDescriptorName', name],
			],
		],
		['Install', [['WantedBy', 'sockets.target']]],
	] as const;
}

function unitFile(path: string, sections: readonly (readonly [string, readonly Line[]])[]): ServiceFile {
	const text = sections
		.map(([section, lines]) => [`[${section}]`, ...lines.map(([key, value]) => `${key}=${value}`)].join('\n'))
		.join('\n\n');
	return { path, text: `# Made by httpfn service install.\n${text}\n`, mode: 0o644 };
}

/** Each word as systemd.service(5) reads it: quoted, `%` and `$` doubled, so that nothing in it is replaced. */
function commandLine([program, ...words]: readonly [string, ...string[]]): string {
	const doubled = words.map((word) => quoted(word).replaceAll('$', '$$$$'));
	// The program itself is no place for variables.
	return [quoted(program), ...doubled].join(' ');
}

function quoted(word: string): string {
	const plainWord = /^[\w@+=:,./-]+$/.test(word);
	const escaped = word
		.replaceAll('\\', '\\\\')
		.replaceAll('"', '\\"')
		.replaceAll('\n', '\\n')
		.replaceAll('\t', '\\t');
	return plainWord ? word : plain(`"${escaped}"`);
}

/** `%` begins a specifier. */
function plain(text: string): string {
	return text.replaceAll('%', '%%').replace(/[\r\n]/g, ' ');
}
