import { engineName } from '../engine/engine-name.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, JSON_OPTION } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { productVersion } from './product-version.ts';

export const versionCommand: Command = {
	name: 'version',
	summary: 'Print the version, the engine inside, and what it was built from.',
	usage: '[--json]',
	parameters: [],
	options: [JSON_OPTION, HELP_OPTION],
	notes: [],
	examples: [
		['httpfn version', 'one line'],
		['httpfn version --json', 'the same for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.usage],
	run: async ({ arguments: { options }, stdout }: Invocation): Promise<ExitCode> => {
		const { version, commit } = productVersion();
		const engine = engineName();
		if (options.has('--json')) {
			const { name, version: engineVersion, platform } = engine;
			const result = { version, commit, engine: name, engineVersion, platform };
			stdout.writeText(`${JSON.stringify(result)}\n`);
		} else {
			stdout.writeText(
				`httpfn ${version} (${engine.name} ${engine.version}, ${engine.platform}, ${commit})\n`,
			);
		}
		return EXIT.ok;
	},
};
