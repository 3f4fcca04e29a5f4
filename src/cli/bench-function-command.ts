import process from 'node:process';
import { ConfigError, valueMistake } from '../config/config-error.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, ownOption } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Set by the bootstrap: seconds since 1970, in the manner of the shell's locale. */
const BEGAN = 'HTTPFN_BENCH_BEGAN';

export const benchFunctionCommand: Command = {
	name: 'bench-function',
	summary: 'Be the function that httpfn bench calls.',
	usage: '[--port N]',
	parameters: [],
	options: [
		ownOption('--port', 'N', 'Other', 'Port on 127.0.0.1; 0 picks a free one.', { fallbackText: '8000' }),
		HELP_OPTION,
	],
	notes: [
		'GET /sized/N answers N bytes, GET /pieces/N the same in chunks, GET /stamps when it started, listened and was asked.',
	],
	examples: [['httpfn bench-function --port 0', 'the function alone, to load it with a tool of your own']],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run: serve,
};

async function serve({ arguments: given, environment, stdout }: Invocation): Promise<ExitCode> {
	const text = given.options.get('--port')?.at(-1) ?? '8000';
	const right = /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
	const wrong = valueMistake('--port', `found ${JSON.stringify(text)}, wanted 0 to 65535`);
	const mistakes = [...given.mistakes, ...(right ? [] : [wrong])];
	if (mistakes.length > 0) throw new ConfigError(mistakes);
	const { startReferenceServer } = await import('../bench/reference-server.ts');
	const beganMs = Number((environment[BEGAN] ?? '0').replace(',', '.')) * 1000;
	const port = await startReferenceServer(Number(text), beganMs);
	stdout.writeText(`http://127.0.0.1:${port}\n`);
	await new Promise<void>((resolve) => process.once('SIGTERM', () => resolve()));
	return EXIT.ok;
}
