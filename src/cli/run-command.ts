import process from 'node:process';
import { LIMITS } from '../contract/limits.ts';
import { prepareIsolation } from '../isolation/open-isolation.ts';
import { startFunctionServer } from '../server/function-server.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, settingOptions } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openLog } from './open-log.ts';
import { readSettings } from './read-settings.ts';
import { StopRequest } from './stop-request.ts';
import { STOP_SIGNALS } from './stop-signals.ts';

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
	options: [...settingOptions(), HELP_OPTION],
	notes: [
		'Prints the URL of each listener on a line as soon as all accept. The log goes to stderr.',
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
	prepareIsolation(settings.isolation, invocation.environment);
	const log = openLog(settings, settings.function.name, invocation);
	const stopped = new StopRequest(log, STOP_SIGNALS);
	try {
		const { environment } = invocation;
		const server = await startFunctionServer({ settings, log, hostEnvironment: environment });
		const { urls, isolation, requestsPerInstanceMax } = server;
		invocation.stdout.writeText(`${urls.join('\n')}\n`);
		const { name } = settings.function;
		log.write('info', 'listening', {
			url: urls.join(', '),
			function: name,
			pid: process.pid,
			isolation,
			requestsPerInstanceMax,
		});
		server.announced();
		return await stopped.serve(server);
	} finally {
		stopped.release();
		await log.flush();
	}
}
