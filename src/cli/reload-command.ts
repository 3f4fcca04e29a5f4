import { ConfigError, type Mistake } from '../config/config-error.ts';
import { resolveServe } from '../config/resolve-serve.ts';
import { runtimeFolder } from '../config/runtime-folder.ts';
import { requireServeConfig } from '../config/serve-config-path.ts';
import { requestReload } from '../server/request-reload.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, JSON_OPTION, SERVE_CONFIG_OPTION } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { serveInput } from './serve-input.ts';

export const reloadCommand: Command = {
	name: 'reload',
	summary: 'Have the running httpfn serve of a config file read it again.',
	usage: '[--config F] [--json]',
	parameters: [],
	options: [SERVE_CONFIG_OPTION, JSON_OPTION, HELP_OPTION],
	notes: [
		'The file is judged first: where it has a mistake, nothing is disturbed. Then it waits until the running httpfn serves by the new ' +
			'file, or says why it can not. It has to be started by the same user, with the same XDG_RUNTIME_DIR, as the one that serves.',
	],
	examples: [
		['httpfn reload', 'after a change of httpfn.yaml in this folder'],
		['httpfn reload --config /etc/httpfn.yaml --json', 'another file; the result is for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run: reload,
};

async function reload(invocation: Invocation): Promise<ExitCode> {
	const { arguments: given, environment, stdout } = invocation;
	if (given.mistakes.length > 0) throw new ConfigError(given.mistakes);
	const input = serveInput(invocation);
	const mistakes: Mistake[] = [];
	const file = requireServeConfig(input, mistakes);
	if (file === null) throw new ConfigError(mistakes);
	await resolveServe(input);
	const { generation, pid, outcome } = await requestReload(runtimeFolder(environment), file.path);
	const { started = [], kept = [], retired = [] } = outcome ?? {};
	if (given.options.has('--json')) {
		stdout.writeText(`${JSON.stringify({ ok: true, pid, generation, started, kept, retired })}\n`);
	} else {
		const counts = `${started.length} started, ${kept.length} kept, ${retired.length} retired`;
		stdout.writeText(`generation ${generation}: ${counts}\n`);
	}
	return EXIT.ok;
}
