/** Plans of edge functions: what bash would start is exchanged for a bundle, made of the sources as they are now. */
import type { FunctionPlan } from '../config/function-plan.ts';
import type { BundleStore } from '../edge/bundle-store.ts';
import { findStartFile } from '../process/code-folder.ts';
import type { Log } from '../telemetry/log.ts';

export class EdgePlans {
	#store: BundleStore | null = null;

	/**
	 * The plan as it is to be hosted: any other as it is. Rejects as a check of the code folder does, and with ERR_EDGE_BUILD,
	 * ERR_EDGE_BUNDLER.
	 */
	async resolve<Plan extends Pick<FunctionPlan, 'function'>>(plan: Plan, log: Log): Promise<Plan> {
		const { codeRoot, name } = plan.function;
		const start = await findStartFile(codeRoot);
		if (start.kind !== 'entry') return plan;
		const { entry, external } = start;
		// Loaded by those who need it: most functions have a bootstrap.
		const { BundleStore } = await import('../edge/bundle-store.ts');
		this.#store ??= new BundleStore();
		const { program, warnings } = await this.#store.bundle({ codeRoot, entry, external });
		if (warnings !== '') log.write('warn', 'the bundler warns', { name, warnings });
		return { ...plan, function: { ...plan.function, edge: program } };
	}

	/** No more is to be resolved for now. */
	async rest(): Promise<void> {
		await this.#store?.rest();
	}

	/** Call it when no instance is left. Twice is harmless. */
	async close(): Promise<void> {
		await this.#store?.close();
	}
}
