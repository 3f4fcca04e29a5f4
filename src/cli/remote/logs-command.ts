import { ConfigError, valueMistake } from '../../config/config-error.ts';
import { RuntimeError } from '../../contract/errors.ts';
import { isObject } from '../../contract/kind-of.ts';
import type { Command, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { interruptible } from '../interruptible.ts';
import { printable } from '../printable.ts';
import { foundFunction } from './found-function.ts';
import { FUNCTION_PARAMETER, functionReference, PACKAGE_OPTION } from './function-reference.ts';
import { openServer, SERVER_OPTIONS } from './server-options.ts';

const TAIL_DEFAULT = 100;
const TAIL_MAX = 10_000;

export const logsCommand: Command = {
	name: 'logs',
	summary: 'Print the newest lines that a function logged.',
	usage: 'NAME [-f] [--tail N] [OPTIONS]',
	parameters: [FUNCTION_PARAMETER],
	options: [
		ownOption('--follow', '', 'Log', 'Go on with each line as it comes, until Ctrl-C.', { short: '-f' }),
		ownOption('--tail', 'N', 'Log', 'Lines to begin with, the newest.', { fallbackText: `${TAIL_DEFAULT}` }),
		PACKAGE_OPTION,
		...SERVER_OPTIONS,
		{ ...JSON_OPTION, sentence: 'Print each line as the server sends it, and errors, as one JSON object.' },
		HELP_OPTION,
	],
	notes: [
		'A line is its time, version, request and text. Servers of httpfn keep the newest lines in memory; others do not have this call.',
	],
	examples: [
		['httpfn logs hello', 'the newest lines'],
		['httpfn logs hello -f --tail 0', 'what comes from now on'],
		['httpfn logs hello --json', 'for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage, EXIT.interrupted],
	run: logs,
};

async function logs(invocation: Invocation): Promise<ExitCode> {
	const { stdout, arguments: given } = invocation;
	const reference = functionReference(invocation);
	const tail = readTail(invocation);
	const { api } = await foundFunction(openServer(invocation), reference);
	const code = await interruptible(async (signal) => {
		try {
			const follow = given.options.has('--follow');
			const response = await api.logs({ tail, ...(follow ? { follow: 'true' } : {}) }, signal);
			for await (const line of linesOf(response)) {
				const text = given.options.has('--json') ? line : lineText(line);
				if (text !== '' && !stdout.writeText(`${text}\n`)) await stdout.onDrain();
			}
			return EXIT.ok;
		} catch (error) {
			if (error instanceof RuntimeError) throw error;
			throw new RuntimeError('ERR_SERVER_UNREACHABLE', 'the server ended the log in the middle', {
				cause: error,
			});
		}
	});
	return code ?? EXIT.interrupted;
}

async function* linesOf({ body }: Response): AsyncIterable<string> {
	const decoder = new TextDecoder();
	let rest = '';
	for await (const chunk of body ?? []) {
		const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n');
		rest = lines.pop() ?? '';
		yield* lines;
	}
	if (rest !== '') yield rest;
}

function readTail({ arguments: given }: Invocation): number {
	const text = given.options.get('--tail')?.[0] ?? `${TAIL_DEFAULT}`;
	if (/^\d{1,5}$/.test(text) && Number(text) <= TAIL_MAX) return Number(text);
	const problem = `found ${JSON.stringify(text)}, wanted 0 to ${TAIL_MAX}`;
	throw new ConfigError([...given.mistakes, valueMistake('--tail', problem)]);
}

function lineText(line: string): string {
	let record: unknown = null;
	try {
		record = JSON.parse(line);
	} catch {
		// Shown as it is.
	}
	if (!isObject(record)) return printable(line);
	const { time, version, stream, requestId, request_id: otherId, text, line: otherText } = record;
	const id = requestId ?? otherId;
	const parts = [time, version, stream === 'stdout' ? null : stream, id, text ?? otherText];
	return printable(parts.filter((part) => part !== null && part !== undefined && part !== '').join(' '));
}
