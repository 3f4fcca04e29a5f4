import { createHash } from 'node:crypto';
import process from 'node:process';
import { type Mistake, usageMistake, valueMistake } from '../../config/config-error.ts';
import type { RunSettings } from '../../config/run-settings.ts';
import { checkVersion } from '../../contract/function-name.ts';
import { sizeText } from '../../contract/size-text.ts';
import { findStartFile, type StartFile } from '../../process/code-folder.ts';
import type { DescriptorSink } from '../../telemetry/descriptor-sink.ts';
import type { Command, CommandOption, Invocation } from '../command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption, settingOptions } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printedAsJson } from '../printed-as-json.ts';
import { openProgress, type Progress } from '../progress.ts';
import { readGivenSettings, readSettings } from '../read-settings.ts';
import { onStopSignals, STOP_SIGNALS } from '../stop-signals.ts';
import { type CodePackage, type Deployed, deployFunction } from './deploy-function.ts';
import { DEPLOYED_KEYS, deployedConfig, undeployedKeys } from './deployed-config.ts';
import { openServer, SERVER_NOTE, SERVER_OPTIONS } from './server-options.ts';
import { judgeTriggerPath, TRIGGER_OPTIONS } from './trigger-body.ts';
import { waitForAnswer } from './wait-for-answer.ts';

/** Milliseconds until a URL that does not answer is given up. */
const PATIENCE_MS = 30_000;
const RELEASE = 'Release';

export const deployCommand: Command = {
	name: 'deploy',
	summary: 'Send the function in a folder to a server, and wait until it answers.',
	usage: 'DIR [--name N] [--alias A] [OPTIONS]',
	parameters: [
		{ name: 'DIR', required: true, sentence: 'Folder that holds the file bootstrap, or a fetch handler.' },
	],
	options: [
		...settingOptions().flatMap(deployedOption),
		ownOption('--alias', 'A', RELEASE, 'Publish a version, and point this alias to it.'),
		ownOption('--publish', '', RELEASE, 'Publish a version under the next name.'),
		ownOption('--version', 'V', RELEASE, 'Publish a version under this name.'),
		ownOption('--trigger-path', '/P', RELEASE, 'Path of its trigger, and all below it.', {
			fallbackText: 'of the trigger it has, or /',
		}),
		TRIGGER_OPTIONS.group,
		ownOption('--no-trigger', '', RELEASE, 'Make no trigger, and do not wait.'),
		ownOption('--no-wait', '', RELEASE, 'Do not wait until the URL answers.'),
		...SERVER_OPTIONS,
		JSON_OPTION,
		HELP_OPTION,
	],
	notes: [
		'The folder is judged as httpfn check does, packed and sent, all of it, links within it followed; a package that the server has already is not ' +
			'sent again. Of the configuration, only what a flag, a variable or httpfn.json says is changed. A trigger is made where there is none for ' +
			'latest, or for the alias.',
		'Then the URL is asked (GET) until the function answers, for at most 30 s. It is the one line on stdout; what is being done is told on stderr.',
		SERVER_NOTE,
	],
	examples: [
		['httpfn deploy ./hello', 'under the name of the folder; prints the URL'],
		['httpfn deploy ./hello --name hello --memory 512 --env GREETING=hi', 'with a configuration'],
		['httpfn deploy ./hello --alias prod --trigger-path /hello', 'a new version, which prod points to'],
		['httpfn deploy ./hello --context prod --json', 'another server; the result is for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage, EXIT.interrupted],
	run: deploy,
};

/** What is not given stays as it is on the server: no default of a run holds. */
function deployedOption(option: CommandOption): CommandOption[] {
	const { field, flag } = option;
	if (flag === '--config' || field === 'name' || field === 'package') return [option];
	if (field === null || !DEPLOYED_KEYS.includes(field)) return [];
	return [{ ...option, fallbackText: 'as it was' }];
}

async function deploy(invocation: Invocation): Promise<ExitCode> {
	const { arguments: given, stderr } = invocation;
	const mistakes = [...given.mistakes, ...judge(invocation)];
	const judged = { ...invocation, arguments: { ...given, mistakes } };
	const settings = readSettings(judged);
	const client = openServer(judged);
	const start = findStartFile(settings.function.codeRoot);
	const keys = readGivenSettings(invocation);
	const left = undeployedKeys(keys);
	if (left.length > 0)
		stderr.writeText(`httpfn: not deployed, the API has no such setting: ${left.join(', ')}\n`);
	const option = (flag: string): string | null => given.options.get(flag)?.[0] ?? null;
	const progress = openProgress(invocation);
	const release = onStopSignals(STOP_SIGNALS, () => {
		progress.end();
		process.exit(EXIT.interrupted);
	});
	try {
		const code = await packFolder(settings.function.codeRoot, start, progress, stderr);
		const version = option('--version');
		const deployed = await deployFunction({
			client,
			reference: { package: settings.function.package, name: settings.function.name, qualifier: null },
			code,
			config: (before) => deployedConfig(settings, keys, before),
			publish: given.options.has('--publish') || version !== null,
			version,
			alias: option('--alias'),
			trigger: given.options.has('--no-trigger')
				? null
				: { path: option('--trigger-path'), groupId: option('--group-id') },
			onStep: (step) => progress.step(step),
		});
		const status = given.options.has('--no-wait') ? null : await answered(deployed, progress);
		progress.end();
		report(invocation, settings, code, deployed, status);
		return EXIT.ok;
	} finally {
		release();
		progress.end();
	}
}

function judge({ arguments: { options } }: Invocation): Mistake[] {
	const mistakes: Mistake[] = [];
	const version = options.get('--version')?.[0];
	if (version !== undefined) {
		mistakes.push(...checkVersion(version).map((problem) => valueMistake('--version', problem)));
	}
	const path = options.get('--trigger-path')?.[0];
	if (path !== undefined) mistakes.push(...judgeTriggerPath('--trigger-path', path));
	for (const flag of ['--trigger-path', '--group-id']) {
		if (!options.has('--no-trigger') || !options.has(flag)) continue;
		mistakes.push(usageMistake(flag, 'given beside --no-trigger, wanted one or the other'));
	}
	return mistakes;
}

async function packFolder(
	codeRoot: string,
	start: StartFile,
	progress: Progress,
	stderr: DescriptorSink,
): Promise<CodePackage> {
	progress.step('packing');
	// Loaded by those who need it: most commands do not.
	const { zipFolder } = await import('../../catalog/zip-folder.ts');
	const options = { onProgress: (done: number) => progress.detail(sizeText(done)) };
	const zip = async (): Promise<Buffer> => {
		if (start.kind !== 'entry') return zipFolder(codeRoot, options);
		const { withWrittenFiles } = await import('./with-written-files.ts');
		return withWrittenFiles({ codeRoot, ...start }, stderr, (more) =>
			zipFolder(codeRoot, { ...options, ...more }),
		);
	};
	const bytes = await zip();
	const digest = createHash('sha512').update(bytes).digest('hex');
	return { bytes, digest };
}

async function answered({ trigger }: Deployed, progress: Progress): Promise<number | null> {
	const url = trigger?.event_data.invoke_url ?? '';
	if (url === '') return null;
	progress.step(`waiting until ${url} answers`);
	return waitForAnswer(url, { patienceMs: PATIENCE_MS, onTry: (found) => progress.detail(found) });
}

function report(
	invocation: Invocation,
	settings: RunSettings,
	code: CodePackage,
	{ urn, created, uploaded, version, trigger }: Deployed,
	status: number | null,
): void {
	const { name, package: packageName } = settings.function;
	const url = trigger?.event_data.invoke_url ?? null;
	const result = {
		name,
		package: packageName,
		urn,
		created,
		uploaded,
		digest: code.digest,
		codeBytes: code.bytes.byteLength,
		version,
		url,
		status,
	};
	if (!printedAsJson(invocation, result)) invocation.stdout.writeText(`${url ?? urn}\n`);
}
