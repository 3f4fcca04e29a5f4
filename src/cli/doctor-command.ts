import { type Capability, diagnose } from '../server/diagnose.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, JSON_OPTION } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

export const doctorCommand: Command = {
	name: 'doctor',
	summary: 'Say what this machine has of what httpfn needs, and what to change.',
	usage: '[--json]',
	parameter: null,
	options: [JSON_OPTION, HELP_OPTION],
	notes: [
		'One line a capability: ok, limited (httpfn works, with less) or missing (a function can not be served).',
	],
	examples: [
		['httpfn doctor', 'before the first run, or when one fails'],
		['httpfn doctor --json', 'for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run: async ({ arguments: given, environment, stdout }: Invocation): Promise<ExitCode> => {
		const capabilities = await diagnose(environment);
		const healthy = capabilities.every(({ state }) => state !== 'missing');
		if (given.options.has('--json')) stdout.writeText(`${JSON.stringify({ ok: healthy, capabilities })}\n`);
		else stdout.writeText(capabilities.map(line).join(''));
		return healthy ? EXIT.ok : EXIT.failure;
	},
};

function line({ name, state, found, advice }: Capability): string {
	const more = advice === '' ? '' : `; ${advice}`;
	return `${state.padEnd(8)} ${name.padEnd(17)} ${found}${more}\n`;
}
