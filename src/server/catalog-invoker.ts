/** Invocations of the control plane, by the same way that requests take. */
import type { Catalog } from '../catalog/catalog.ts';
import type { FunctionRecord } from '../catalog/records.ts';
import type { ControlInvocation, InvokeOutcome, Invoker } from '../control/invoker.ts';
import { invokeEvent } from '../gateway/invocation.ts';
import { chooseVersion } from './choose-version.ts';
import type { DeployedFunctions } from './deployed-functions.ts';

export class CatalogInvoker implements Invoker {
	readonly #catalog: Catalog;
	readonly #functions: DeployedFunctions;

	constructor(catalog: Catalog, functions: DeployedFunctions) {
		this.#catalog = catalog;
		this.#functions = functions;
	}

	async invoke(
		{ id }: FunctionRecord,
		qualifier: string,
		invocation: ControlInvocation,
	): Promise<InvokeOutcome> {
		const choose = chooseVersion(this.#catalog, id, qualifier);
		let version = '';
		const targetOf = (fieldLines: string) => {
			version = choose(fieldLines);
			return this.#functions.target(id, version);
		};
		const { statusCode } = await invokeEvent(targetOf, invocation);
		return { statusCode, version };
	}

	instanceCount(functionId: number): number {
		return this.#functions.instanceCount(functionId);
	}
}
