/** What this host has of what isolation needs, one line a capability; the namespaces are tried, not only looked for. */

import { monotonicMs } from '../base/clock.ts';
import type { HostVariables } from '../contract/environment.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { Capability } from './capability.ts';
import { capability } from './capability.ts';
import type { EgressSockets } from './egress-sockets.ts';
import { NamespaceIsolation } from './namespace-isolation.ts';
import { namespaceSupport } from './namespace-support.ts';
import type { IsolationChoice } from './open-isolation.ts';

const DIRECT = 'direct: one instance, on this host’s 127.0.0.1:8000';

/** What is wrong is said once. */
const ELSEWHERE = 'see the line on namespaces';

/** `choice` is what the user asks for: where it is `namespace` and cannot be had, that is missing, not merely limited. */
export async function judgeIsolation(choice: IsolationChoice, host: HostVariables): Promise<Capability[]> {
	if (choice === 'direct') return [capability('isolation', 'ok', DIRECT)];
	const lacking = choice === 'namespace' ? 'missing' : 'limited';
	const support = namespaceSupport(host);
	if (support.kind !== 'supported') {
		const { found, advice } =
			support.kind === 'unsupported'
				? support
				: { found: 'no user namespace was entered', advice: 'run httpfn as root' };
		return [
			capability(
				'isolation',
				lacking,
				choice === 'namespace' ? `namespace: ${found}` : DIRECT,
				choice === 'namespace' ? advice : ELSEWHERE,
			),
			capability('namespaces', lacking, found, advice),
		];
	}
	const isolation = new NamespaceIsolation(support);
	try {
		const startMs = monotonicMs();
		const { egress } = await isolation.tryPlace(host);
		const tookMs = Math.round(monotonicMs() - startMs);
		const identity = support.privileged ? 'as root, functions as user 1003' : 'in a user namespace';
		return [
			capability(
				'isolation',
				'ok',
				'namespace: each instance has its own 127.0.0.1:8000, files and processes',
			),
			capability('namespaces', 'ok', `${identity}; the first took ${tookMs} ms`),
			judgeEgress(egress),
			...isolation.judge(),
		];
	} catch (error) {
		const found = error instanceof RuntimeError ? error.message : String(error);
		return [
			capability('isolation', lacking, choice === 'namespace' ? `namespace: ${found}` : DIRECT, ELSEWHERE),
			capability('namespaces', lacking, found, 'see docs/isolation.md, or use --isolation direct'),
		];
	} finally {
		await isolation.close();
	}
}

function judgeEgress(sockets: EgressSockets | null): Capability {
	if (sockets === null) {
		return capability(
			'egress',
			'limited',
			'nothing leaves an instance',
			'let httpfn open port 53 in namespaces',
		);
	}
	if (sockets.redirected)
		return capability('egress', 'ok', 'every TCP connection and DNS, redirected by nf_tables');
	const advice = 'load the kernel module nf_tables with its NAT and redirect (modprobe nft_redir)';
	return capability('egress', 'limited', 'by HTTP_PROXY and HTTPS_PROXY, and DNS', advice);
}
