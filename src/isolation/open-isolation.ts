/** Which isolation this host gives, and why. */
import { RuntimeError } from '../contract/errors.ts';
import type { Isolation } from '../process/sandbox.ts';
import type { Log } from '../telemetry/log.ts';
import { DirectIsolation } from './direct-isolation.ts';
import { NamespaceIsolation } from './namespace-isolation.ts';
import { namespaceSupport } from './namespace-support.ts';
import { enterUserNamespace } from './rootless.ts';
import type { Tenant } from './tenant.ts';

type HostVariables = Readonly<Record<string, string | undefined>>;

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

/**
 * Makes nothing yet: that comes with the first instance. Throws ERR_ISOLATION_UNAVAILABLE, also where one of the tenants could not be
 * restricted as its settings say.
 */
export function openIsolation(
	choice: IsolationChoice,
	log: Log,
	host: HostVariables,
	tenants: readonly Tenant[] = [],
): Isolation {
	if (choice === 'direct') return direct(tenants, log);
	const support = namespaceSupport(host);
	if (support.kind === 'supported') {
		return new NamespaceIsolation(support, (message, error) =>
			log.write('error', message, { cause: String(error) }),
		);
	}
	const { found, advice } =
		support.kind === 'unsupported'
			? support
			: { found: 'httpfn is not in a user namespace', advice: 'run it as root' };
	if (choice === 'namespace') {
		throw new RuntimeError(
			'ERR_ISOLATION_UNAVAILABLE',
			`Could not isolate instances by namespaces: ${found}; wanted: ${advice}, or --isolation direct`,
		);
	}
	log.write('info', 'one instance, on this host’s own port: namespaces are not to be had', {
		found,
		advice,
	});
	return direct(tenants, log);
}

function direct(tenants: readonly Tenant[], log: Log): DirectIsolation {
	const isolation = new DirectIsolation();
	for (const tenant of tenants) isolation.admit(tenant, log);
	return isolation;
}
