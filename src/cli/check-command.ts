import path from 'node:path';
import { pointUrl } from '../config/listen-points.ts';
import type { RunSettings } from '../config/run-settings.ts';
import { prepareIsolation } from '../isolation/open-isolation.ts';
import { findStartFile, type StartFile } from '../process/code-folder.ts';
import { checkFunction } from '../server/check-function.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, JSON_OPTION, settingOptions } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openLog } from './open-log.ts';
import { readSettings } from './read-settings.ts';

export const checkCommand: Command = {
	name: 'check',
	summary: 'Judge a function without starting it: its start file and its settings.',
	usage: 'DIR [OPTIONS]',
	parameters: [
		{ name: 'DIR', required: true, sentence: 'Folder that holds the file bootstrap, or a fetch handler.' },
	],
	options: [...settingOptions(), JSON_OPTION, HELP_OPTION],
	notes: ['Nothing is started. What is wrong is said on stderr, what was found on stdout.'],
	examples: [
		['httpfn check ./hello', 'the folder, with its httpfn.json'],
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
	const start = await findStartFile(settings.function.codeRoot);
	const found = describe(settings, start);
	if (invocation.arguments.options.has('--json')) {
		invocation.stdout.writeText(`${JSON.stringify({ ok: true, ...found })}\n`);
		return EXIT.ok;
	}
	const width = Math.max(...Object.keys(found).map((name) => name.length));
	const lines = Object.entries(found).map(([name, value]) => `  ${name.padEnd(width)}  ${show(value)}`);
	invocation.stdout.writeText(`OK\n${lines.join('\n')}\n`);
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
