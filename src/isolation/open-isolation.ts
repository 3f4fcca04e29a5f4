/** Which isolation this host gives, and why. */
import type { HostVariables } from '../contract/environment.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { Isolation } from '../process/sandbox.ts';
import type { Log } from '../telemetry/log.ts';
import { DirectIsolation } from './direct-isolation.ts';
import { NamespaceIsolation } from './namespace-isolation.ts';
import { namespaceSupport } from './namespace-support.ts';
import { enterUserNamespace } from './rootless.ts';
import type { Tenant } from './tenant.ts';

export type IsolationChoice = 'auto' | 'namespace' | 'direct';

/**
 * Call it first of all, before anything is opened: an unprivileged httpfn is replaced by itself in a user namespace here,
 * where the host allows it and the choice wants it.
 */
export function prepareIsolation(choice: IsolationChoice, host: HostVariables): void {
	if (choice === 'direct') return;
	const support = namespaceSupport(host);
	if (support.kind === 'entry') enterUserNamespace(support.tools, host);
}

/** Whose program it is. `embedded`: somebody else's, which is never replaced, may end without a word, and has no engine that only waits. */
export type Residence = 'own' | 'embedded';

/**
 * Makes nothing yet: that comes with the first instance. Throws ERR_ISOLATION_UNAVAILABLE, also where one of the tenants could not be
 * restricted as its settings say. `cleared`: asked before an instance takes this host's own port; resolves when no httpfn before has it.
 */
export function openIsolation(
	choice: IsolationChoice,
	log: Log,
	host: HostVariables,
	tenants: readonly Tenant[] = [],
	residence: Residence = 'own',
	cleared: () => Promise<void> = () => Promise.resolve(),
): Isolation {
	if (choice === 'direct') return direct(tenants, log, { residence, cleared });
	const support = namespaceSupport(host);
	if (support.kind === 'supported') {
		return new NamespaceIsolation(
			{ ...support, zygotes: residence === 'own' },
			(message, error, level = 'error') => log.write(level, message, { cause: String(error) }),
		);
	}
	const { found, advice } =
		support.kind === 'unsupported'
			? support
			: { found: 'httpfn is not in a user namespace', advice: ENTRY_ADVICE[residence] };
	if (choice === 'namespace') {
		throw new RuntimeError(
			'ERR_ISOLATION_UNAVAILABLE',
			`Could not isolate instances by namespaces: ${found}; wanted: ${advice}, or ${DIRECT_ADVICE[residence]}`,
		);
	}
	log.write('info', 'one instance, on this host’s own port: namespaces are not to be had', {
		found,
		advice,
	});
	return direct(tenants, log, { residence, cleared });
}

const ENTRY_ADVICE = {
	own: 'run it as root',
	embedded: 'run this program as root: a library does not replace it by itself in a user namespace',
} as const satisfies Record<Residence, string>;

const DIRECT_ADVICE = {
	own: '--isolation direct',
	embedded: "isolation: 'direct'",
} as const satisfies Record<Residence, string>;

function direct(
	tenants: readonly Tenant[],
	log: Log,
	{ residence, cleared }: { readonly residence: Residence; readonly cleared: () => Promise<void> },
): DirectIsolation {
	const isolation = new DirectIsolation({
		cleared,
		endsWithHost: residence === 'embedded',
		report: (message, error) => log.write('warn', message, { cause: String(error) }),
	});
	for (const tenant of tenants) isolation.admit(tenant, log);
	return isolation;
}
