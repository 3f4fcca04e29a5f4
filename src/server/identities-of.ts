import type { FunctionPlan } from '../config/function-plan.ts';
import { codeIdentity } from './code-identity.ts';

/** One look at each folder, however many versions share it. */
export async function identitiesOf(
	plans: Iterable<FunctionPlan>,
): Promise<ReadonlyMap<string, string | null>> {
	const folders = new Map([...plans].map((plan) => [plan.function.codeRoot, plan.function.edge] as const));
	const identities = [...folders].map(
		// A bundle is named for what is in it.
		async ([folder, edge]) => [folder, edge?.bundle ?? (await codeIdentity(folder))] as const,
	);
	return new Map(await Promise.all(identities));
}
