/** Opens the catalog of a folder, says so or why it can not, and has it until the end of its input. */
import process from 'node:process';
import { Catalog } from '../../src/catalog/catalog.ts';
import { RuntimeError } from '../../src/contract/errors.ts';

try {
	const catalog = Catalog.open(process.argv[2] ?? '');
	process.stdout.write('open\n');
	process.stdin.on('end', () => catalog.close()).resume();
} catch (error) {
	process.stdout.write(`${error instanceof RuntimeError ? error.code : error}\n`);
}
