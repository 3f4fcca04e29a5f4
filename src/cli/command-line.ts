/** From the words of a command line to the exit code of the command they name. */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError } from '../config/config-error.ts';
import { DescriptorSink } from '../telemetry/descriptor-sink.ts';
import type { Command } from './command.ts';
import { COMMAND_SECTIONS, COMMANDS } from './commands.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { findCommand } from './find-command.ts';
import { groupHelp, helpPage, rootHelp } from './help-text.ts';
import { isTerminal } from './is-terminal.ts';
import { parseArguments } from './parse-arguments.ts';
import { reportError } from './report-error.ts';
import { wantsColour } from './wants-colour.ts';

const STDOUT = 1;
const STDERR = 2;

/** Milliseconds that a reader of stdout or stderr is given to take the rest before the process ends. */
const FLUSH_MS_MAX = 10_000;

type Environment = Readonly<Record<string, string>>;

/** Never throws: what fails is reported on stderr. Resolves when stdout and stderr have been written. */
export async function runCommandLine(argv: readonly string[], environment: Environment): Promise<ExitCode> {
	const stdout = new DescriptorSink(STDOUT);
	const stderr = new DescriptorSink(STDERR);
	let exitCode: ExitCode;
	try {
		exitCode = await dispatch(argv, environment, stdout, stderr);
	} catch (error) {
		const report = reportError(error, argv.includes('--json') ? 'json' : 'text');
		stderr.writeText(report.text);
		exitCode = report.exitCode;
	}
	const flushed = Promise.all([stdout.flush(), stderr.flush()]);
	await Promise.race([flushed, delay(FLUSH_MS_MAX)]);
	return exitCode;
}

async function dispatch(
	argv: readonly string[],
	environment: Environment,
	stdout: DescriptorSink,
	stderr: DescriptorSink,
): Promise<ExitCode> {
	const [first, ...rest] = argv;
	if (first === undefined || first === '--help' || first === '-h') {
		(first === undefined ? stderr : stdout).writeText(rootHelp(COMMAND_SECTIONS));
		return first === undefined ? EXIT.usage : EXIT.ok;
	}
	const found = findCommand(COMMANDS, [first === '--version' ? 'version' : first, ...rest]);
	if (asksForHelp(found.rest)) {
		stdout.writeText(helpPage(found));
		return EXIT.ok;
	}
	if (found.kind === 'group') {
		stderr.writeText(groupHelp(found.group));
		return EXIT.usage;
	}
	const { command } = found;
	const parsed = parseArguments(command, found.rest);
	if (parsed.mistakes.length > 0 && !takesSettings(command)) throw new ConfigError(parsed.mistakes);
	const terminal = isTerminal(STDERR);
	return command.run({
		arguments: parsed,
		environment,
		workingFolder: process.cwd(),
		stdout,
		stderr,
		terminal,
		coloured: wantsColour(terminal, environment),
	});
}

/** Help is given even where the rest of the line is wrong; words after `--` are no options. */
function asksForHelp(words: readonly string[]): boolean {
	const end = words.indexOf('--');
	return words.slice(0, end === -1 ? undefined : end).some((word) => word === '--help' || word === '-h');
}

/** A command with settings reports the mistakes of the line together with those of the settings. */
function takesSettings(command: Command): boolean {
	return command.options.some(({ field }) => field !== null);
}
