import path from 'node:path';
import { pointUrl } from '../config/listen-points.ts';
import type { RunSettings } from '../config/run-settings.ts';
import { prepareIsolation } from '../isolation/open-isolation.ts';
import { findStartFile, type StartFile } from '../process/code-folder.ts';
import { checkFunction } from '../server/check-function.ts';
import { findingLines, unfitError } from './cloud-findings.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, JSON_OPTION, ownOption, settingOptions } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openLog } from './open-log.ts';
import { printedAsJson } from './printed-as-json.ts';
import { readSettings } from './read-settings.ts';

export const checkCommand: Command = {
	name: 'check',
	summary: 'Judge a function without starting it: its start file and its settings.',
	usage: 'DIR [OPTIONS]',
	parameters: [
		{ name: 'DIR', required: true, sentence: 'Folder that holds the file bootstrap, or a fetch handler.' },
	],
	options: [
		...settingOptions(),
		ownOption('--cloud', '', 'Cloud', 'Fail where something can not work in the cloud.'),
		JSON_OPTION,
		HELP_OPTION,
	],
	notes: [
		'Nothing is started. What is wrong is said on stderr, what was found on stdout.',
		'What would go otherwise in the cloud than here is told last, the worst first: sizes, names, paths, ports, and what compiled files need. ' +
			'Each line says where its rule comes from, and who has to act. It changes the exit code with --cloud alone, and only where it is fatal.',
	],
	examples: [
		['httpfn check ./hello', 'the folder, with its httpfn.json'],
		['httpfn check ./hello --cloud', 'before it is deployed: 1 where it can not work there'],
		['httpfn check ./hello --json', 'for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run: check,
};

async function check(invocation: Invocation): Promise<ExitCode> {
	const settings = readSettings(invocation);
	if (settings.isolation === 'namespace') prepareIsolation(settings.isolation, invocation.environment);
	const log = openLog(settings, settings.function.name, invocation);
	await checkFunction(settings, log, invocation.environment);
	const start = findStartFile(settings.function.codeRoot);
	const found = describe(settings, start);
	const { codeRoot, timeoutSeconds } = settings.function;
	// Loaded by those who need it: most commands do not.
	const { judgeFolder } = await import('../cloud/judge-folder.ts');
	// What an edge function imports goes into its bundle.
	const left = start.kind === 'entry' && start.external.length === 0 ? ['node_modules'] : [];
	const cloud = await judgeFolder({ codeRoot, timeoutSeconds, left });
	const { options } = invocation.arguments;
	const unfit = options.has('--cloud') ? unfitError(cloud.findings) : null;
	const result = { ok: unfit === null, ...found, cloud };
	if (!printedAsJson(invocation, result)) {
		const width = Math.max(...Object.keys(found).map((name) => name.length));
		const lines = Object.entries(found).map(([name, value]) => `  ${name.padEnd(width)}  ${show(value)}`);
		const findings = findingLines(cloud.findings);
		invocation.stdout.writeText(`${unfit === null ? 'OK' : 'UNFIT'}\n${lines.join('\n')}\n${findings}`);
	}
	if (unfit !== null) throw unfit;
	return EXIT.ok;
}

function describe(settings: RunSettings, start: StartFile): Readonly<Record<string, unknown>> {
	const { function: fn, listen, isolation, configPath } = settings;
	return {
		name: fn.name,
		bootstrap: start.kind === 'entry' ? null : path.join(fn.codeRoot, 'bootstrap'),
		entry: start.kind === 'entry' ? path.join(fn.codeRoot, start.entry) : null,
		config: configPath,
		memoryMb: fn.memoryMb,
		timeoutSeconds: fn.timeoutSeconds,
		initTimeoutSeconds: fn.initTimeoutSeconds,
		variables: Object.keys(fn.environment),
		stream: fn.streamResponse,
		strictEnvelope: fn.strictEnvelope,
		authInHeader: fn.credentials !== null,
		isolation,
		...describeScaling(settings),
		listen: listen.map(pointUrl).join(', '),
	};
}

function describeScaling(settings: RunSettings): Readonly<Record<string, unknown>> {
	const { scaling, sandbox } = settings;
	return {
		concurrency: scaling.instancesMax,
		concurrentNum: settings.concurrentNumGiven ? scaling.requestsPerInstanceMax : null,
		idleTimeoutSeconds: scaling.idleSeconds,
		reserved: scaling.reserved.count,
		egress: sandbox.egress.mode,
	};
}

function show(value: unknown): string {
	if (value === null || (Array.isArray(value) && value.length === 0)) return 'none';
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	return Array.isArray(value) ? value.join(', ') : String(value);
}
