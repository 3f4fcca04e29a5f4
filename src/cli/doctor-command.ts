import { ConfigError, valueMistake } from '../config/config-error.ts';
import { FIELDS } from '../config/schema.ts';
import type { Capability } from '../isolation/capability.ts';
import { type IsolationChoice, prepareIsolation } from '../isolation/open-isolation.ts';
import { diagnose } from '../server/diagnose.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, JSON_OPTION, settingOption } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { ParsedArguments } from './parsed-arguments.ts';

const ISOLATION_CHOICES: readonly IsolationChoice[] = ['auto', 'namespace', 'direct'];

export const doctorCommand: Command = {
	name: 'doctor',
	summary: 'Say what this machine has of what httpfn needs, and what to change.',
	usage: '[--isolation KIND] [--json]',
	parameters: [],
	options: [...settingOption('isolation'), JSON_OPTION, HELP_OPTION],
	notes: [
		'One line a capability: ok, limited (httpfn works, with less) or missing (a function can not be served).',
	],
	examples: [
		['httpfn doctor', 'before the first run, or when one fails'],
		['httpfn doctor --isolation namespace', 'fails where instances can not be kept apart by namespaces'],
		['httpfn doctor --json', 'for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run: async ({ arguments: given, environment, stdout }: Invocation): Promise<ExitCode> => {
		const choice = isolationChoice(given);
		prepareIsolation(choice, environment);
		const capabilities = await diagnose(choice, environment);
		const healthy = capabilities.every(({ state }) => state !== 'missing');
		if (given.options.has('--json')) stdout.writeText(`${JSON.stringify({ ok: healthy, capabilities })}\n`);
		else stdout.writeText(capabilities.map(line).join(''));
		return healthy ? EXIT.ok : EXIT.failure;
	},
};

function isolationChoice({ settings, mistakes }: ParsedArguments): IsolationChoice {
	if (mistakes.length > 0) throw new ConfigError(mistakes);
	const text = settings.get('isolation')?.[0] ?? 'auto';
	const choice = ISOLATION_CHOICES.find((known) => known === text);
	if (choice !== undefined) return choice;
	const problem = `found ${JSON.stringify(text)}, wanted ${FIELDS.isolation.wanted}`;
	throw new ConfigError([valueMistake('--isolation', problem)]);
}

function line({ name, state, found, advice }: Capability): string {
	const more = advice === '' ? '' : `; ${advice}`;
	return `${state.padEnd(8)} ${name.padEnd(17)} ${found}${more}\n`;
}
