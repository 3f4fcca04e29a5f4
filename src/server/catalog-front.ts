/** The composition root of what a worker has of the catalog: it reads there who answers what, and who may call. */
import { Catalog } from '../catalog/catalog.ts';
import { Sealer } from '../catalog/sealer.ts';
import type { CatalogHost } from '../workers/catalog-host.ts';
import type { CatalogSettings } from '../workers/messages.ts';
import type { CatalogFront } from '../workers/run-worker.ts';
import { RemoteFunctions } from './remote-functions.ts';
import { TriggerApis } from './trigger-apis.ts';
import { TriggerRouter } from './trigger-router.ts';

/** Throws ERR_STATE_UNAVAILABLE. */
export function openCatalogFront(settings: CatalogSettings, host: CatalogHost): CatalogFront {
	const { stateFolder, region, secure } = settings;
	const catalog = Catalog.open(stateFolder, { shared: true, readOnly: true });
	const sealer = Sealer.open(stateFolder);
	const functions = new RemoteFunctions({ catalog, sealer, region, host });
	const generation = () => functions.generation;
	const apis = new TriggerApis({ catalog, sealer, generation, secure, owner: host.apis });
	return {
		router: new TriggerRouter(catalog, functions, (trigger) => apis.of(trigger)),
		changed: (functionId) => functions.changed(functionId),
		close: () => catalog.close(),
	};
}
