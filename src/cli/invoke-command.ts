import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { type Mistake, usageMistake } from '../config/config-error.ts';
import { FIELDS, type FieldKey } from '../config/schema.ts';
import { type ErrorCode, RuntimeError } from '../contract/errors.ts';
import { buildEvent } from '../contract/event.ts';
import { prepareIsolation } from '../isolation/open-isolation.ts';
import { invokeOnce } from '../server/invoke-once.ts';
import type { DescriptorSink } from '../telemetry/descriptor-sink.ts';
import type { Command, CommandOption, Invocation } from './command.ts';
import { HELP_OPTION, ownOption, settingOptions } from './command-options.ts';
import { type EventSource, eventFromBytes, openEventSource } from './event-source.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { interruptible } from './interruptible.ts';
import { openLog } from './open-log.ts';
import { readSettings } from './read-settings.ts';
import { ALIAS_OPTION, REFERENCE } from './remote/function-reference.ts';
import { invokeDeployed } from './remote/invoke-deployed.ts';
import { CONTEXT_OPTIONS } from './remote/server-options.ts';

const EVENT = 'Event';
const REQUEST_FLAGS = ['--data', '--method', '--path', '--header'];

/** Of a function on a server. */
const DEPLOYED_OPTIONS: readonly CommandOption[] = [
	{ ...ALIAS_OPTION, group: 'Server' },
	ownOption('--log', '', 'Server', 'Print the end of what the function logged meanwhile, on stderr.'),
	...CONTEXT_OPTIONS,
];

export const invokeCommand: Command = {
	name: 'invoke',
	summary: 'Send one event to a function and print the envelope that it answers with.',
	usage: 'DIR|NAME (--event F | [--method M] [--path P] [--header K:V] [--data D]) [OPTIONS]',
	parameters: [
		{
			name: 'DIR|NAME',
			required: true,
			sentence:
				'Folder that holds the file bootstrap or a fetch handler, such as ./hello, or the name of a function on a server, such as hello or hello:v2.',
		},
	],
	options: [
		ownOption('--event', 'F', EVENT, 'File with an APIG event in JSON; - is standard input.'),
		ownOption('--method', 'M', EVENT, 'Method of the event.', { fallbackText: 'GET, with --data POST' }),
		ownOption('--path', 'P', EVENT, 'Path of the event, percent-encoded, with its query.', {
			fallbackText: '/',
		}),
		ownOption('--header', 'K:V', EVENT, 'Header of the event. Repeat it for more.', { repeatable: true }),
		ownOption('--data', 'D', EVENT, 'Body of the event, as text.'),
		ownOption('--async', '', EVENT, 'Not supported by HTTP functions: refused.'),
		ownOption('--retry', 'N', EVENT, 'Not supported by HTTP functions: refused.'),
		ownOption('--local', '', 'Server', 'A word that could be a name is a folder.'),
		...DEPLOYED_OPTIONS,
		...settingOptions().filter(({ group }) => group !== 'Gateway' && group !== 'Scaling'),
		HELP_OPTION,
	],
	notes: [
		'What has a slash, begins with a dot, or can not be a name is a folder: its function is started, called and ended here. Anything else is the name ' +
			'of a function that is deployed; then only --package, --region and --project-id of the settings below have a meaning.',
		'The envelope goes to stdout: {"statusCode", "headers", "isBase64Encoded": true, "body"}. The log goes to stderr. ' +
			'The exit code is 0 whenever the function answered, whatever its status code.',
	],
	examples: [
		['httpfn invoke ./hello', 'GET /'],
		['httpfn invoke ./hello --path "/greet?name=Li" --header accept:text/plain', 'a path, a query, a header'],
		['httpfn invoke ./hello --data \'{"name":"Li"}\' --header content-type:application/json', 'a POST'],
		['httpfn invoke ./hello --event event.json', 'an event from a file'],
		['httpfn invoke hello --alias prod --log', 'a deployed one, with the end of its log on stderr'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage, EXIT.interrupted],
	run: invoke,
};

async function invoke(invocation: Invocation): Promise<ExitCode> {
	const { options, mistakes, parameters } = invocation.arguments;
	refuseUnsupported(options);
	const deployed = !options.has('--local') && REFERENCE.test(parameters[0] ?? '');
	const misplaced = deployed ? judgeSettings(invocation) : judgeServerOptions(options);
	const own = [...mistakes, ...judgeEventOptions(options), ...misplaced];
	const judged = { ...invocation, arguments: { ...invocation.arguments, mistakes: own } };
	const invoked = (signal: AbortSignal): Promise<ExitCode> =>
		deployed
			? invokeDeployed(judged, () => eventSource(invocation), signal).catch((error: unknown) => {
					throw withFolderHint(error, invocation);
				})
			: invokeFolder(judged, signal);
	return (await interruptible(invoked, () => process.exit(EXIT.interrupted))) ?? EXIT.interrupted;
}

async function invokeFolder(invocation: Invocation, signal: AbortSignal): Promise<ExitCode> {
	const settings = readSettings(invocation);
	prepareIsolation(settings.isolation, invocation.environment);
	const log = openLog(settings, settings.function.name, invocation);
	const source = await eventSource(invocation);
	try {
		await invokeOnce({
			settings,
			log,
			hostEnvironment: invocation.environment,
			readEvent: (from, to) => source.read(from, to),
			writeEnvelope: (bytes) => writeAll(invocation.stdout, bytes),
			signal,
		});
		invocation.stdout.writeText('\n');
		return EXIT.ok;
	} finally {
		await source.close();
		await log.flush();
	}
}

/** A folder that is called like the function was perhaps meant. */
function withFolderHint(error: unknown, { arguments: given, workingFolder }: Invocation): unknown {
	const [name = ''] = given.parameters;
	const codes: readonly ErrorCode[] = ['ERR_FUNCTION_NOT_FOUND', 'ERR_SERVER_UNREACHABLE'];
	if (!(error instanceof RuntimeError) || !codes.includes(error.code)) return error;
	if (!fs.existsSync(path.join(workingFolder, name, 'bootstrap'))) return error;
	const hint = `for the folder: httpfn invoke ./${name}`;
	return new RuntimeError(error.code, `${error.message}; ${hint}`, { cause: error });
}

/** Settings say how a function is run here; a deployed one has its own. */
function judgeSettings({ arguments: given }: Invocation): Mistake[] {
	const known: readonly FieldKey[] = ['package', 'region', 'projectId'];
	const flags = [...given.settings.keys()]
		.filter((key) => !known.includes(key))
		.map((key) => FIELDS[key].flag ?? '');
	if (given.options.has('--config')) flags.push('--config');
	return flags.map((flag) => usageMistake(flag, 'given with a name; it is for a folder, such as ./hello'));
}

function judgeServerOptions(options: ReadonlyMap<string, readonly string[]>): Mistake[] {
	return DEPLOYED_OPTIONS.filter(({ flag }) => options.has(flag)).map(({ flag }) =>
		usageMistake(flag, 'given with a folder; it is for the name of a deployed function'),
	);
}

function refuseUnsupported(options: ReadonlyMap<string, readonly string[]>): void {
	if (options.has('--async')) {
		const why = 'the platform calls HTTP functions synchronously only, since a client waits for the answer';
		throw new RuntimeError('ERR_ASYNC_UNSUPPORTED', `--async: ${why}`);
	}
	if (options.has('--retry')) {
		const why = 'the platform never retries HTTP functions, since a request may reach a function once only';
		throw new RuntimeError('ERR_RETRY_UNSUPPORTED', `--retry: ${why}`);
	}
}

function judgeEventOptions(options: ReadonlyMap<string, readonly string[]>): Mistake[] {
	const mistakes: Mistake[] = [];
	if (options.has('--event')) {
		for (const flag of REQUEST_FLAGS.filter((known) => options.has(known))) {
			mistakes.push(usageMistake(flag, 'given beside --event, wanted one or the other'));
		}
	}
	for (const header of options.get('--header') ?? []) {
		if (!/^[^:\s]+:/.test(header)) {
			mistakes.push(usageMistake('--header', `found ${JSON.stringify(header)}, wanted K:V`));
		}
	}
	return mistakes;
}

async function eventSource({ arguments: { options }, workingFolder }: Invocation): Promise<EventSource> {
	const file = options.get('--event')?.[0];
	if (file !== undefined) return openEventSource(file, workingFolder);
	const data = options.get('--data')?.[0] ?? null;
	const { head, body, tail } = buildEvent({
		method: options.get('--method')?.[0] ?? (data === null ? 'GET' : 'POST'),
		path: options.get('--path')?.[0] ?? '/',
		headers: (options.get('--header') ?? []).map(splitHeader),
		body: data,
	});
	return eventFromBytes(Buffer.from(`${head}${Buffer.from(body).toString('base64')}${tail}`, 'utf8'));
}

function splitHeader(header: string): readonly [string, string] {
	const colon = header.indexOf(':');
	return [header.slice(0, colon), header.slice(colon + 1).trim()];
}

async function writeAll(sink: DescriptorSink, bytes: Uint8Array): Promise<void> {
	if (!sink.write(bytes)) await sink.onDrain();
}
