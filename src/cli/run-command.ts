import process from 'node:process';
import { LIMITS } from '../contract/limits.ts';
import { type FunctionServer, startFunctionServer } from '../server/function-server.ts';
import type { Log } from '../telemetry/log.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, settingOptions } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openLog } from './open-log.ts';
import { readSettings } from './read-settings.ts';
import { onStopSignals } from './stop-signals.ts';

export const runCommand: Command = {
	name: 'run',
	summary: 'Serve the function in a folder.',
	usage: '[DIR] [OPTIONS]',
	parameter: {
		name: 'DIR',
		required: false,
		sentence: 'Folder that holds the file bootstrap (default: this one).',
	},
	options: [...settingOptions(), HELP_OPTION],
	notes: [
		'Prints the URL on one line as soon as it accepts. The log goes to stderr.',
		'Each option has a variable (--init-timeout: HTTPFN_INIT_TIMEOUT) and a key of the config file (initTimeout). ' +
			'A flag wins over a variable, a variable over the file. Credentials come from a variable or the file only.',
		`SIGINT, SIGTERM or SIGHUP stops: requests in flight get ${LIMITS.drainGraceMs / 1000} s. A second signal ends that wait, a third everything.`,
	],
	examples: [
		['httpfn run', 'the function in this folder, on http://127.0.0.1:8080'],
		['httpfn run ./hello --listen 127.0.0.1:0', 'on a free port'],
		['httpfn run ./hello --memory 512 --timeout 30 --env GREETING=hello', 'as it is set up in the cloud'],
		['httpfn run ./chat --stream --log-format json', 'responses flow, the log is for a program'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage, EXIT.interrupted],
	run: serve,
};

async function serve(invocation: Invocation): Promise<ExitCode> {
	const settings = readSettings(invocation);
	const log = openLog(settings, invocation);
	const stopped = new StopRequest(log);
	try {
		const server = await startFunctionServer({ settings, log, hostEnvironment: invocation.environment });
		invocation.stdout.writeText(`${server.url}\n`);
		log.write('info', 'listening', { url: server.url, function: settings.function.name, pid: process.pid });
		return await stopped.serve(server);
	} finally {
		stopped.release();
		await log.flush();
	}
}

/** Signals, from before the start on, so that one that comes early is not lost. */
class StopRequest {
	readonly release: () => void;
	readonly #log: Log;
	readonly #first: Promise<void>;
	#server: FunctionServer | null = null;
	#count = 0;

	constructor(log: Log) {
		this.#log = log;
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#first = promise;
		this.release = onStopSignals((signal, count) => {
			this.#count = count;
			resolve();
			this.#onSignal(signal);
		});
	}

	/** Until the server has stopped. */
	async serve(server: FunctionServer): Promise<ExitCode> {
		await this.#first;
		this.#server = server;
		await server.stop(this.#count > 1 ? 0 : LIMITS.drainGraceMs);
		this.#log.write('info', 'stopped');
		return this.#count > 1 ? EXIT.interrupted : EXIT.ok;
	}

	#onSignal(signal: NodeJS.Signals): void {
		switch (this.#count) {
			case 1:
				this.#log.write('info', 'stopping', { signal });
				return;
			case 2:
				this.#log.write('warn', 'stopping without waiting for requests in flight', { signal });
				void this.#server?.stop(0);
				return;
			default:
				process.exit(EXIT.interrupted);
		}
	}
}
