/** From the words of a command line to the exit code of the command they name. */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError } from '../config/config-error.ts';
import { EDGE_HOST_WORD } from '../engine/edge-host-word.ts';
import { compileAsUsual } from '../engine/jit-policy.ts';
import { DescriptorSink } from '../telemetry/descriptor-sink.ts';
import { asksForHelp } from './asks-for-help.ts';
import type { Command, Invocation } from './command.ts';
import { loadCommand, loadCommands, loadSections } from './commands.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { findCommand } from './find-command.ts';
import { isTerminal } from './is-terminal.ts';
import { parseArguments } from './parse-arguments.ts';
import { reportError } from './report-error.ts';
import { wantsColour } from './wants-colour.ts';

const STDOUT = 1;
const STDERR = 2;

/** Milliseconds that a reader of stdout or stderr is given to take the rest before the process ends. */
const FLUSH_MS_MAX = 10_000;

type Environment = Readonly<Record<string, string>>;

/**
 * `packed` is the path of the executable that runs, where functions are packed into it: the words are then for these. Never throws: what
 * fails is reported on stderr. Resolves when stdout and stderr have been written.
 */
export async function runCommandLine(
	argv: readonly string[],
	environment: Environment,
	packed: string | null = null,
): Promise<ExitCode> {
	const stdout = new DescriptorSink(STDOUT);
	const stderr = new DescriptorSink(STDERR);
	let exitCode: ExitCode;
	try {
		exitCode = await dispatch(argv, packed, { environment, stdout, stderr });
	} catch (error) {
		const report = reportError(error, argv.includes('--json') ? 'json' : 'text');
		stderr.writeText(report.text);
		exitCode = report.exitCode;
	}
	const flushed = Promise.all([stdout.flush(), stderr.flush()]);
	await Promise.race([flushed, delay(FLUSH_MS_MAX)]);
	return exitCode;
}

interface Surroundings extends Pick<Invocation, 'environment' | 'stdout' | 'stderr'> {}

async function dispatch(
	argv: readonly string[],
	packed: string | null,
	surroundings: Surroundings,
): Promise<ExitCode> {
	// It starts itself as the process of an edge function.
	if (packed !== null && argv[0] !== EDGE_HOST_WORD) {
		// Loaded by those who need it.
		const { packedWords } = await import('./packed/packed-words.ts');
		const words = await packedWords(packed, argv);
		if (words.kind === 'help') surroundings.stdout.writeText(words.page);
		if (words.kind === 'help') return EXIT.ok;
		if (words.kind === 'command') return run(words.command, words.rest, surroundings);
		return dispatch(words.rest, null, surroundings);
	}
	const { stdout, stderr } = surroundings;
	const [first, ...rest] = argv;
	if (first === undefined || first === '--help' || first === '-h') {
		const { rootHelp } = await import('./help-text.ts');
		(first === undefined ? stderr : stdout).writeText(rootHelp(await loadSections()));
		return first === undefined ? EXIT.usage : EXIT.ok;
	}
	const name = first === '--version' ? 'version' : first;
	const node = await loadCommand(name);
	const found = findCommand(node === undefined ? await loadCommands() : [node], [name, ...rest]);
	const helps = asksForHelp(found.rest);
	if (helps || found.kind === 'group') {
		const { helpPage } = await import('./help-text.ts');
		(helps ? stdout : stderr).writeText(helpPage(found));
		return helps ? EXIT.ok : EXIT.usage;
	}
	return run(found.command, found.rest, surroundings);
}

function run(command: Command, words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
	const parsed = parseArguments(command, words);
	if (parsed.mistakes.length > 0 && !takesSettings(command)) throw new ConfigError(parsed.mistakes);
	const terminal = isTerminal(STDERR);
	if (command.serves !== true) compileAsUsual();
	return command.run({
		...surroundings,
		arguments: parsed,
		workingFolder: process.cwd(),
		terminal,
		coloured: wantsColour(terminal, surroundings.environment),
	});
}

/** A command with settings reports the mistakes of the line together with those of the settings. */
function takesSettings(command: Command): boolean {
	return command.options.some(({ field }) => field !== null);
}
