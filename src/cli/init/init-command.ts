import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { ConfigError, type Mistake, usageMistake, valueMistake } from '../../config/config-error.ts';
import { checkFunctionName } from '../../contract/function-name.ts';
import { TEMPLATES, type Template } from '../../template/templates.ts';
import type { Command, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { interruptible } from '../interruptible.ts';
import { isTerminal } from '../is-terminal.ts';
import { printResult } from '../printed-as-json.ts';
import { onStopSignals, STOP_SIGNALS } from '../stop-signals.ts';
import { textTable } from '../text-table.ts';
import { askWhatIsMissing } from './ask-what-is-missing.ts';
import { type Started, startedText } from './started-text.ts';

const STDIN = 0;
const STDERR = 2;
const NAMES = TEMPLATES.map(({ name }) => name);

export const initCommand: Command = {
	name: 'init',
	summary: 'Start a function from a template.',
	usage: '[TEMPLATE] [DIR] [OPTIONS]',
	parameters: [
		{
			name: 'TEMPLATE',
			required: false,
			sentence: `What to start from: ${NAMES.join(', ')}.`,
			choices: NAMES,
		},
		{ name: 'DIR', required: false, sentence: 'Folder to make; or one that is there and empty.' },
	],
	options: [
		ownOption('--list', '', 'Other', 'Print the templates, and make nothing.'),
		ownOption('--name', 'N', 'Other', 'Name of the function, kept in its httpfn.json.', {
			fallbackText: 'that of the folder',
		}),
		ownOption(
			'--force',
			'',
			'Other',
			'Take a folder that holds files too. Those that are replaced are told.',
		),
		ownOption(
			'--install',
			'',
			'Other',
			'Install packages, or build, at once, where the template needs that.',
		),
		JSON_OPTION,
		HELP_OPTION,
	],
	notes: [
		'On a terminal it asks for what is left out; elsewhere that is an error. It prints what to type next.',
		'Each template has a README.md with its commands, and a test of its own, which asks the running function and judges the answers. ' +
			'All files are written or, where one cannot be, none.',
	],
	examples: [
		['httpfn init', 'asks for template and folder'],
		['httpfn init node hello', 'a function on Node.js in the new folder hello'],
		['httpfn init go ./hello --install', 'builds it, too'],
		['httpfn init --list --json', 'the templates, for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage, EXIT.interrupted],
	run: init,
};

async function init(invocation: Invocation): Promise<ExitCode> {
	const { arguments: given, workingFolder } = invocation;
	const name = given.options.get('--name')?.[0] ?? null;
	const mistakes = [...given.mistakes, ...judgeName(name)];
	if (given.parameters[1] === '') mistakes.push(usageMistake('DIR', 'found "", wanted the path of a folder'));
	if (mistakes.length > 0) throw new ConfigError(mistakes);
	if (given.options.has('--list')) return list(invocation);
	const force = given.options.has('--force');
	const { template, folder: typed } = await complete(invocation, force);
	// Loaded by those who need it: other commands do not pay for the texts.
	const { makeFunction } = await import('./make-function.ts');
	const folder = path.resolve(workingFolder, typed);
	const change = await makeFunction({ template, folder, name, force });
	const setupDone = given.options.has('--install');
	if (setupDone) {
		const done = await interruptible(
			(signal) => setUp(template, folder, invocation, signal),
			() => process.exit(EXIT.interrupted),
		);
		if (done === null) return EXIT.interrupted;
	}
	const started: Started = { template, typed, change, setupDone };
	const next = startedText(started);
	const result = { template: template.name, folder, ...change, setupDone, next: next.commands };
	return printResult(invocation, result, next.text);
}

function judgeName(name: string | null): Mistake[] {
	return name === null ? [] : checkFunctionName(name).map((problem) => valueMistake('--name', problem));
}

function list(invocation: Invocation): ExitCode {
	const templates = TEMPLATES.map(({ name, summary, setup, test }) => ({ name, summary, setup, test }));
	const rows = templates.map(({ name, summary, setup }) => [name, summary, setup.join(' && ')]);
	return printResult(invocation, { templates }, textTable(['TEMPLATE', 'WHAT', 'BEFORE IT RUNS'], rows));
}

/** From the command line, and from whoever sits at the terminal. */
async function complete(
	invocation: Invocation,
	force: boolean,
): Promise<{ readonly template: Template; readonly folder: string }> {
	const { arguments: given, stderr, terminal, workingFolder } = invocation;
	const [name, folder] = given.parameters;
	const template = TEMPLATES.find((known) => known.name === name) ?? null;
	if (template !== null && folder !== undefined) return { template, folder };
	if (!terminal || !isTerminal(STDIN) || given.options.has('--json')) throw missing(template);
	const release = onStopSignals(STOP_SIGNALS, () => {
		stderr.writeText('\n');
		void stderr.flush().then(() => process.exit(EXIT.interrupted));
	});
	try {
		const answers = await askWhatIsMissing({ template, stderr, workingFolder, force });
		if (answers !== null) return answers;
		stderr.writeText('\n');
		throw missing(template);
	} finally {
		release();
	}
}

function missing(template: Template | null): ConfigError {
	const wanted = 'wanted: httpfn init TEMPLATE DIR';
	const mistakes: Mistake[] = [];
	if (template === null) {
		mistakes.push(usageMistake('TEMPLATE', `missing, ${wanted}; templates are ${NAMES.join(', ')}`));
	}
	return new ConfigError([...mistakes, usageMistake('DIR', `missing, ${wanted}`)]);
}

/** What the commands print goes to stderr: stdout has the result. */
async function setUp(
	template: Template,
	folder: string,
	{ environment, stderr }: Invocation,
	signal: AbortSignal,
): Promise<true> {
	const { runSetup } = await import('../../template/run-setup.ts');
	const nothing = openSync('/dev/null', 'r');
	try {
		for (const line of template.setup) {
			stderr.writeText(`${line}\n`);
			await stderr.flush();
			await runSetup(line, { folder, environment, descriptors: [nothing, STDERR, STDERR], signal });
		}
		return true;
	} finally {
		closeSync(nothing);
	}
}
