import { setImmediate as turn } from 'node:timers/promises';
import type { Catalog } from '../../catalog/catalog.ts';
import type { FunctionRecord } from '../../catalog/records.ts';

const PAGE = 100;

/** All functions of a project, oldest first. Between pages whatever else the process has to do gets its turn. */
export async function* everyFunction(catalog: Catalog, project: string): AsyncIterable<FunctionRecord> {
	let afterId = 0;
	do {
		const { records, nextMarker } = catalog.functions.list({ project, afterId, limit: PAGE });
		yield* records;
		afterId = nextMarker;
		await turn();
	} while (afterId !== 0);
}
