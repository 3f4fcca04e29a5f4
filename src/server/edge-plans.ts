/** Plans of edge functions: what bash would start is exchanged for a bundle, made of the sources as they are now. */
import type { FunctionPlan } from '../config/function-plan.ts';
import type { EdgeProgram } from '../contract/edge-program.ts';
import type { BundleStore, OpenBundler } from '../edge/bundle-store.ts';
import { findStartFile } from '../process/code-folder.ts';
import type { Log } from '../telemetry/log.ts';

export class EdgePlans implements AsyncDisposable {
	#store: BundleStore | null = null;
	readonly #openBundler: OpenBundler | undefined;

	/** Left out: the bundler is httpfn's own. */
	constructor(openBundler?: OpenBundler) {
		this.#openBundler = openBundler;
	}

	/**
	 * The plan as it is to be hosted: any other as it is. Rejects as a check of the code folder does, and with ERR_EDGE_BUILD,
	 * ERR_EDGE_BUNDLER.
	 */
	async resolve<Plan extends Pick<FunctionPlan, 'function'>>(plan: Plan, log: Log): Promise<Plan> {
		const { codeRoot, name } = plan.function;
		const start = findStartFile(codeRoot);
		if (start.kind === 'written' && start.isOlder)
			log.write('warn', 'the bundle is older than its entry: httpfn bootstrap writes it anew', { name });
		if (start.kind !== 'entry') return plan;
		const { entry, external } = start;
		// Loaded by those who need it: most functions have a bootstrap.
		const { BundleStore } = await import('../edge/bundle-store.ts');
		this.#store ??= new BundleStore(undefined, this.#openBundler);
		const { program, warnings } = await this.#store.bundle({ codeRoot, entry, external });
		if (warnings !== '') log.write('warn', 'the bundler warns', { name, warnings });
		return { ...plan, function: { ...plan.function, edge: program } };
	}

	/** Every plan as it is to be hosted, by its key. */
	async resolveAll(
		plans: ReadonlyMap<string, FunctionPlan>,
		log: Log,
	): Promise<ReadonlyMap<string, FunctionPlan>> {
		const programs = new Map<string, EdgeProgram | undefined>();
		for (const plan of plans.values()) {
			const { codeRoot } = plan.function;
			// One bundle for each folder, however many versions share it.
			if (!programs.has(codeRoot)) programs.set(codeRoot, (await this.resolve(plan, log)).function.edge);
		}
		await this.rest();
		const entries = [...plans].map(([key, plan]) => [key, withProgram(plan, programs)] as const);
		return new Map(entries);
	}

	/** Whether these could be hosted. Rejects as `resolve` does. */
	async judge(plans: readonly Pick<FunctionPlan, 'function'>[], log: Log): Promise<void> {
		try {
			for (const plan of plans) await this.resolve(plan, log);
		} finally {
			await this.close();
		}
	}

	/** Lets go of the bundles that none of these plans has. */
	async keep(plans: Iterable<FunctionPlan>): Promise<void> {
		await this.#store?.keep([...plans].flatMap((plan) => plan.function.edge ?? []));
	}

	/** No more is to be resolved for now. */
	async rest(): Promise<void> {
		await this.#store?.rest();
	}

	/** Call it when no instance is left. Twice is harmless. */
	async close(): Promise<void> {
		await this.#store?.close();
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}
}

function withProgram(
	plan: FunctionPlan,
	programs: ReadonlyMap<string, EdgeProgram | undefined>,
): FunctionPlan {
	const edge = programs.get(plan.function.codeRoot);
	return edge === undefined ? plan : { ...plan, function: { ...plan.function, edge } };
}
