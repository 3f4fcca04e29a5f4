import { NamespaceIsolation } from '../isolation/namespace-isolation.ts';
import type { IsolationChoice } from '../isolation/open-isolation.ts';
import type { Tenant } from '../isolation/tenant.ts';
import type { Isolation } from '../process/sandbox.ts';

/**
 * Makes the place of the first instance now, where namespaces were asked for by name: whoever did so wants to know that they are
 * to be had before a URL is told. Rejects with ERR_ISOLATION_UNAVAILABLE.
 */
export async function tryIsolation(
	choice: IsolationChoice,
	isolation: Isolation,
	[tenant]: readonly Tenant[],
	hostEnvironment: Readonly<Record<string, string>>,
): Promise<void> {
	if (choice !== 'namespace' || !(isolation instanceof NamespaceIsolation)) return;
	// Functions that are deployed later need places too.
	if (tenant === undefined) await isolation.tryPlace(hostEnvironment);
	else await isolation.prepare(tenant.function, tenant.sandbox, hostEnvironment);
}
