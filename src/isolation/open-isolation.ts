/** Which isolation this host gives, and why. */
import { RuntimeError } from '../contract/errors.ts';
import type { Isolation } from '../process/sandbox.ts';
import type { Log } from '../telemetry/log.ts';
import { DirectIsolation } from './direct-isolation.ts';
import { currentTrial, type IsolationTrial } from './isolation-trial.ts';
import { NamespaceIsolation } from './namespace-isolation.ts';
import { type NamespaceSupport, namespaceSupport } from './namespace-support.ts';
import { enterUserNamespace } from './rootless.ts';

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
 * Makes nothing yet: that comes with the first instance. Throws ERR_ISOLATION_UNAVAILABLE, also where a function of the trial
 * could not be restricted as its settings say.
 */
export function openIsolation(choice: IsolationChoice, log: Log, host: HostVariables): Isolation {
	const trial = currentTrial();
	if (choice === 'direct') return direct(trial, log);
	const support = namespaceSupport(host);
	const refusal = trial?.refusal ?? null;
	if (support.kind === 'supported' && refusal === null) {
		const isolation = new NamespaceIsolation(support, (message, error) =>
			log.write('error', message, { cause: String(error) }),
		);
		trial?.of(isolation);
		return isolation;
	}
	const { found, advice } = obstacle(support, refusal);
	if (choice === 'namespace') {
		throw new RuntimeError(
			'ERR_ISOLATION_UNAVAILABLE',
			`Could not isolate instances by namespaces: ${found}; wanted: ${advice}, or --isolation direct`,
		);
	}
	// A host that refuses what it seemed to give is a surprise.
	log.write(
		refusal === null ? 'info' : 'warn',
		'one instance, on this host’s own port: namespaces are not to be had',
		{ found, advice },
	);
	return direct(trial, log);
}

function direct(trial: IsolationTrial | null, log: Log): DirectIsolation {
	const isolation = new DirectIsolation();
	for (const tenant of trial?.tenants ?? []) isolation.admit(tenant, log);
	return isolation;
}

function obstacle(
	support: NamespaceSupport,
	refusal: string | null,
): { readonly found: string; readonly advice: string } {
	if (support.kind === 'unsupported') return support;
	if (refusal === null) return { found: 'httpfn is not in a user namespace', advice: 'run it as root' };
	return {
		found: refusal,
		advice: 'a host that lets httpfn make network, mount and process namespaces (httpfn doctor)',
	};
}
