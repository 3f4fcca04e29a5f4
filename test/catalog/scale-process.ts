/** Opens the catalog of a folder and reads the pages at its end; says as JSON how long that took, and the memory. */
import process from 'node:process';
import { Catalog } from '../../src/catalog/catalog.ts';

const PAGES = 101;
const LIMIT = 5;

const beforeBytes = process.memoryUsage().rss;
const beforeMs = performance.now();
const catalog = Catalog.open(process.argv[2] ?? '');
const openMs = performance.now() - beforeMs;
const { count } = catalog.functions.list({ project: 'p1', afterId: 0, limit: 1 });
const times: number[] = [];
for (let page = 0; page < PAGES; page += 1) {
	const startMs = performance.now();
	const { records } = catalog.functions.list({ project: 'p1', afterId: count - LIMIT - 1, limit: LIMIT });
	catalog.revisions.find(records[0]?.id ?? 0, 'v1');
	catalog.triggers.ofGroup(`g${count}`);
	times.push(performance.now() - startMs);
}
const bytes = process.memoryUsage().rss - beforeBytes;
catalog.close();
const pageMs = times.sort((one, other) => one - other)[(PAGES - 1) / 2];
process.stdout.write(JSON.stringify({ count, openMs, pageMs, bytes }));
