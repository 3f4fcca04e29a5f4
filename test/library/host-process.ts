/** A program with a runtime of the folder that it is given: it asks once, prints the status, its isolation and its own pid, and lives until it is killed. */
import process from 'node:process';
import { createRuntime } from '../../src/library/create-runtime.ts';
import type { RuntimeOptions } from '../../src/library/runtime-options.ts';

const [folder = '', isolation = 'direct'] = process.argv.slice(2);
const runtime = await createRuntime({
	folder,
	isolation: isolation as RuntimeOptions['isolation'],
	initTimeout: 60,
});
const { status } = await runtime.fetch(new Request('http://a/'));
process.stdout.write(`${status} ${runtime.isolation} ${process.pid}\n`);
setInterval(() => {}, 60_000);
