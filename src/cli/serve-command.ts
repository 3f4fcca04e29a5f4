import process from 'node:process';
import { HOST_KEYS } from '../config/read-functions.ts';
import { resolveServe } from '../config/resolve-serve.ts';
import { runtimeFolder } from '../config/runtime-folder.ts';
import type { ServeSettings } from '../config/serve-settings.ts';
import { LIMITS } from '../contract/limits.ts';
import { prepareIsolation } from '../isolation/open-isolation.ts';
import { checkFunctions } from '../server/check-functions.ts';
import { type FunctionsServer, startFunctionsServer } from '../server/functions-server.ts';
import { Predecessor } from '../server/predecessor.ts';
import { ReloadControl } from '../server/reload-control.ts';
import { ServiceManager } from '../server/service-manager.ts';
import type { Log } from '../telemetry/log.ts';
import type { Command, Invocation } from './command.ts';
import {
	HELP_OPTION,
	JSON_OPTION,
	ownOption,
	SERVE_CONFIG_OPTION,
	settingOption,
} from './command-options.ts';
import { describeServe } from './describe-serve.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { lookAfter } from './look-after.ts';
import { openFunctionLog, openLog } from './open-log.ts';
import { serveInput } from './serve-input.ts';
import { StopRequest } from './stop-request.ts';
import { onStopSignals } from './stop-signals.ts';
import { takeOver } from './take-over.ts';

export const serveCommand: Command = {
	name: 'serve',
	summary: 'Serve several functions: those that one file describes, those that are deployed to it, or both.',
	usage: '[--config F] [--state DIR] [--control HOST:PORT] [OPTIONS]',
	parameters: [],
	options: [
		SERVE_CONFIG_OPTION,
		...HOST_KEYS.flatMap(settingOption),
		ownOption(
			'--check',
			'',
			'Other',
			'Judge the file and the functions, say what they are, and start nothing.',
		),
		JSON_OPTION,
		HELP_OPTION,
	],
	notes: [
		'Prints the URL of each listener on a line as soon as all accept. The log goes to stderr.',
		"Without a config file it serves what is deployed to its control plane, which speaks the platform's API: httpfn deploy, the platform's SDK and " +
			'Terraform work with it. With a file there is a control plane only where --control or --state, or the file, asks for one.',
		'The file, in YAML or JSON, has listen, isolation, logFormat, logLevel, defaults (settings of all functions) and functions: by name, each ' +
			'with code (its folder), routes, versions, and the settings that httpfn run has. docs/httpfn-serve.schema.json describes it for editors. ' +
			'All mistakes are reported at once, each with line and column.',
		'SIGHUP, or httpfn reload, reads the file again: functions that changed get new instances, the others keep theirs, and no request is dropped. ' +
			`SIGINT or SIGTERM stops: requests in flight get ${LIMITS.drainGraceMs / 1000} s. A second signal ends that wait, a third everything.`,
	],
	examples: [
		['httpfn serve', 'httpfn.yaml of this folder, else what is deployed on 127.0.0.1:9080'],
		['httpfn serve --state /srv/httpfn --control 127.0.0.1:9081', 'what is deployed there'],
		['httpfn serve --config /etc/httpfn.yaml --listen 0.0.0.0:8080', 'another file, for other machines'],
		['httpfn serve --check --json', 'what the file says, for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage, EXIT.interrupted],
	serves: true,
	run: serve,
};

async function serve(invocation: Invocation): Promise<ExitCode> {
	const { arguments: given, environment, stdout } = invocation;
	const json = given.options.has('--json');
	const predecessor = Predecessor.of(environment);
	const settings = await takeOver(predecessor, () => resolveServe(serveInput(invocation)));
	// Who takes over is where the process before is, and has its descriptors: it does not replace itself.
	if (predecessor === null) prepareIsolation(settings.isolation, environment);
	const log = openLog(settings, 'httpfn', invocation);
	if (given.options.has('--check')) {
		await checkFunctions(settings, log, environment);
		stdout.writeText(describeServe(settings, json));
		return EXIT.ok;
	}
	const stopped = new StopRequest(log, ['SIGINT', 'SIGTERM']);
	const reloads = new EarlyReload();
	const manager = new ServiceManager(environment, log);
	try {
		const functionLog = (name: string) => openFunctionLog(settings, name, invocation);
		const server = await takeOver(predecessor, () =>
			startFunctionsServer({ settings, log, functionLog, hostEnvironment: environment, predecessor }),
		);
		const control = reloadControl(server, settings, invocation, { log, manager });
		announce(server, settings, { invocation, told: predecessor !== null }, log);
		reloads.hand(() => (control === null ? sayNothingToReload(log) : control.request()));
		try {
			const { configPath, pidFile } = settings;
			const { urls } = server;
			const attended = { serving: server, urls, manager, predecessor, stopped, log, configPath, pidFile };
			return await lookAfter(attended, invocation);
		} finally {
			control?.close();
		}
	} finally {
		stopped.release();
		reloads.release();
		await log.flush();
	}
}

/** Null where there is no file to read again. */
function reloadControl(
	server: FunctionsServer,
	{ configPath }: ServeSettings,
	invocation: Invocation,
	{ log, manager }: { readonly log: Log; readonly manager: ServiceManager },
): ReloadControl | null {
	if (configPath === null) return null;
	const load = () => resolveServe(serveInput(invocation));
	return new ReloadControl({
		server,
		load,
		onBegun: () => manager.reloading(),
		onDone: () => manager.ready(`Serving on ${server.urls.join(', ')}`),
		configPath,
		runtimeFolder: runtimeFolder(invocation.environment),
		log,
	});
}

function sayNothingToReload(log: Log): void {
	log.write('info', 'there is no config file to read again');
}

function announce(
	server: FunctionsServer,
	settings: ServeSettings,
	{
		invocation,
		told,
	}: { readonly invocation: Invocation /** By a process before. */; readonly told: boolean },
	log: Log,
): void {
	const { stdout, arguments: given } = invocation;
	const json = given.options.has('--json');
	const { urls, controlUrl } = server;
	const url = urls.join(', ');
	const isolation = server.isolation.kind;
	const { pid } = process;
	const line = { url: urls[0], urls, control: controlUrl, pid, isolation };
	if (!told) stdout.writeText(json ? `${JSON.stringify(line)}\n` : `${urls.join('\n')}\n`);
	const functions = [...settings.plans.keys()];
	log.write('info', 'listening', { url, control: controlUrl ?? undefined, functions, pid, isolation });
	server.announced();
}

/** SIGHUP from before the start on: it would end the process otherwise. */
class EarlyReload {
	readonly release: () => void;
	#request: (() => void) | null = null;
	#asked = false;

	constructor() {
		this.release = onStopSignals(['SIGHUP'], () => {
			if (this.#request === null) this.#asked = true;
			else this.#request();
		});
	}

	hand(request: () => void): void {
		this.#request = request;
		if (this.#asked) request();
	}
}
