import path from 'node:path';
import { RuntimeError } from '../contract/errors.ts';
import { findEntry } from '../process/code-folder.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, JSON_OPTION } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { printable } from './printable.ts';
import { printedAsJson } from './printed-as-json.ts';

export const bootstrapCommand: Command = {
	name: 'bootstrap',
	summary: 'Write the bootstrap of an edge function, so that it runs in the cloud.',
	usage: '[DIR]',
	parameters: [
		{ name: 'DIR', required: false, sentence: 'Folder that holds a fetch handler (default: this one).' },
	],
	options: [JSON_OPTION, HELP_OPTION],
	notes: [
		'Bundles the entry, and writes bootstrap, .httpfn/index.mjs with its source map and .httpfn/host.mjs, which serves it on Node.js 20. ' +
			'What it wrote before is replaced; a bootstrap of your own is not. httpfn deploy does the same by itself, and leaves the folder as it is.',
	],
	examples: [
		['httpfn bootstrap ./hello', 'then zip the folder, and upload it'],
		['httpfn bootstrap', 'again, after a change'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run: bootstrap,
};

async function bootstrap(invocation: Invocation): Promise<ExitCode> {
	const { arguments: given, workingFolder, stderr, stdout } = invocation;
	const codeRoot = path.resolve(workingFolder, given.parameters[0] ?? '.');
	const found = findEntry(codeRoot);
	if (found === null) {
		const problem = `${codeRoot} has no fetch handler, or a bootstrap of its own`;
		throw new RuntimeError(
			'ERR_EDGE_ENTRY',
			`Could not write a bootstrap: ${problem}; wanted index.ts, index.js or index.mjs`,
		);
	}
	const { writtenFiles } = await import('../edge/written-files.ts');
	const { placeFiles } = await import('../edge/place-files.ts');
	const { files, external, warnings } = await writtenFiles({ codeRoot, ...found });
	if (warnings !== '') stderr.writeText(`${printable(warnings)}\n`);
	await placeFiles(files, codeRoot);
	const names = [...files.keys()];
	if (!printedAsJson(invocation, { folder: codeRoot, entry: found.entry, files: names, external })) {
		stdout.writeText(`${names.join('\n')}\n`);
	}
	return EXIT.ok;
}
