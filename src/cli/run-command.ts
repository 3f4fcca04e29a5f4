import process from 'node:process';
import { ConfigError, type Mistake, valueMistake } from '../config/config-error.ts';
import type { RunSettings } from '../config/run-settings.ts';
import { LIMITS } from '../contract/limits.ts';
import { prepareIsolation } from '../isolation/open-isolation.ts';
import { type FunctionServer, startFunctionServer } from '../server/function-server.ts';
import type { Inspection } from '../server/inspection.ts';
import { Predecessor } from '../server/predecessor.ts';
import { ServiceManager } from '../server/service-manager.ts';
import type { Log } from '../telemetry/log.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, settingOptions } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { lookAfter } from './look-after.ts';
import { openLog } from './open-log.ts';
import { readSettings } from './read-settings.ts';
import { WORK_OPTIONS, workOptions } from './run-options.ts';
import { StopRequest } from './stop-request.ts';
import { STOP_SIGNALS } from './stop-signals.ts';
import { takeOver } from './take-over.ts';

export const runCommand: Command = {
	name: 'run',
	summary: 'Serve the function in a folder.',
	usage: '[DIR] [OPTIONS]',
	parameters: [
		{
			name: 'DIR',
			required: false,
			sentence: 'Folder that holds the file bootstrap, or a fetch handler (default: this one).',
		},
	],
	options: [...WORK_OPTIONS, ...settingOptions(), HELP_OPTION],
	notes: [
		'Prints the URL of each listener on a line as soon as all accept. The log goes to stderr.',
		'Each option has a variable (--init-timeout: HTTPFN_INIT_TIMEOUT) and a key of the config file (initTimeout). ' +
			'A flag wins over a variable, a variable over the file. Credentials come from a variable or the file only.',
		'With --watch, requests go to the function as it was until the changed one is there. One that can not be built or started is what they are told then: ' +
			'a browser gets a page. Packages, caches and logs are not watched: docs/watch.md.',
		`SIGINT, SIGTERM or SIGHUP stops: requests in flight get ${LIMITS.drainGraceMs / 1000} s. A second signal ends that wait, a third everything.`,
	],
	examples: [
		['httpfn run', 'the function in this folder, on http://127.0.0.1:8080'],
		['httpfn run ./hello --listen 127.0.0.1:0', 'on a free port'],
		['httpfn run ./hello --memory 512 --timeout 30 --env GREETING=hello', 'as it is set up in the cloud'],
		['httpfn run ./hello --watch', 'while you write it'],
		['httpfn run ./hello --watch --inspect', 'with a debugger: chrome://inspect, or the one of your editor'],
		['httpfn run ./chat --stream --log-format json', 'responses flow, the log is for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage, EXIT.interrupted],
	serves: true,
	run: serve,
};

async function serve(invocation: Invocation): Promise<ExitCode> {
	const { environment } = invocation;
	const predecessor = Predecessor.of(environment);
	const { settings, wanted, watch, inspectPort, inspection } = await takeOver(predecessor, () =>
		prepare(invocation, predecessor !== null),
	);
	const log = openLog(settings, settings.function.name, invocation);
	const stopped = new StopRequest(log, STOP_SIGNALS);
	const manager = new ServiceManager(environment, log);
	try {
		const server = await takeOver(predecessor, () =>
			startFunctionServer({
				...{ settings, log, hostEnvironment: environment, predecessor },
				...(watch ? { reread: () => wanted(readSettings(invocation)) } : {}),
			}),
		);
		const { urls } = server;
		// Whoever reads it was told by the process before.
		if (predecessor === null) invocation.stdout.writeText(`${urls.join('\n')}\n`);
		announce(server, settings.function.name, log, inspectPort);
		server.announced();
		const { pidFile } = settings;
		const attended = { serving: server, urls, manager, predecessor, stopped, log, configPath: null, pidFile };
		return await lookAfter(attended, invocation);
	} finally {
		stopped.release();
		await inspection?.close();
		await log.flush();
	}
}

interface Prepared {
	readonly settings: RunSettings;
	/** Settings that were read again, with what `--inspect` makes of them. */
	readonly wanted: (settings: RunSettings) => RunSettings;
	readonly watch: boolean;
	readonly inspectPort: number | null;
	readonly inspection: Inspection | null;
}

/** `takesOver`: this process is where the one before is, and has its descriptors, so it does not replace itself. */
async function prepare(invocation: Invocation, takesOver: boolean): Promise<Prepared> {
	const asked = readSettings(invocation);
	const mistakes: Mistake[] = [];
	const { watch, inspectPort } = workOptions(invocation, asked.isolation, mistakes);
	if (watch && asked.workers > 1)
		mistakes.push(
			valueMistake('--watch', `found ${asked.workers} workers, wanted 1: for work on a function`),
		);
	if (mistakes.length > 0) throw new ConfigError(mistakes);
	if (inspectPort === null && !takesOver) prepareIsolation(asked.isolation, invocation.environment);
	const inspection = inspectPort === null ? null : await openInspection(inspectPort);
	const wanted = (settings: RunSettings): RunSettings => inspection?.apply(settings) ?? settings;
	return { settings: wanted(asked), wanted, watch, inspectPort, inspection };
}

/** Loaded by those who need it. */
async function openInspection(port: number): Promise<Inspection> {
	const { Inspection } = await import('../server/inspection.ts');
	return await Inspection.open(port);
}

function announce(server: FunctionServer, name: string, log: Log, inspectPort: number | null): void {
	const { urls, isolation, requestsPerInstanceMax } = server;
	const { pid } = process;
	log.write('info', 'listening', {
		url: urls.join(', '),
		function: name,
		pid,
		isolation,
		requestsPerInstanceMax,
	});
	if (inspectPort === null) return;
	log.write('info', 'a debugger finds the function here, once a request has started it', {
		address: `127.0.0.1:${inspectPort}`,
	});
}
