/**
 * Writes to the catalog of a folder, for ever or so many functions, and says each write once it is acknowledged:
 *
 *     writer-process FOLDER PREFIX [COUNT]
 *
 * With a count it works beside others.
 */
import { writeSync } from 'node:fs';
import process from 'node:process';
import { Catalog } from '../../src/catalog/catalog.ts';
import { CODE, CONFIG, createFunction, newTrigger } from './catalog-bed.ts';

const [folder = '', prefix = '', count] = process.argv.slice(2);
const catalog = Catalog.open(folder, { shared: count !== undefined });
const last = count === undefined ? Number.POSITIVE_INFINITY : Number(count);
for (let number = 1; number <= last; number += 1) writeFunction(`${prefix}-${number}`, number);
catalog.close();

function writeFunction(name: string, number: number): void {
	const { id } = createFunction(catalog, name);
	say('created', name);
	catalog.functions.updateConfig(id, { ...CONFIG, description: name, user_data: 'x'.repeat(number % 3000) });
	say('configured', name);
	const { version } = catalog.revisions.publish(id, { description: name });
	say('published', name);
	catalog.aliases.create(id, { name: 'live', version, description: '', weights: null, strategy: null });
	say('aliased', name);
	catalog.triggers.create(id, newTrigger({ id: name, path: `/${name}`, qualifier: '!live' }));
	say('triggered', name);
	catalog.functions.updateCode(id, { ...CODE, bytes: number });
	if (number % 3 !== 0) return;
	say('removing', name);
	catalog.functions.remove(id);
	say('removed', name);
}

/** The whole line or nothing of it, whenever the process is killed. */
function say(what: string, name: string): void {
	writeSync(1, `${what} ${name}\n`);
}
