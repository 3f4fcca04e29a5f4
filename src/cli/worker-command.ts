import { RuntimeError } from '../contract/errors.ts';
import { WORKER_OWNER } from '../workers/worker-start.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { onStopSignals, STOP_SIGNALS } from './stop-signals.ts';

export const workerCommand: Command = {
	name: 'worker',
	summary: 'Be one of the processes that --workers asks for.',
	usage: '',
	parameters: [],
	options: [HELP_OPTION],
	notes: [
		'Started by httpfn run and httpfn serve, never by hand: it takes requests on sockets that it is handed, and ends with its owner.',
	],
	examples: [['httpfn run --workers 2', 'starts two of them']],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run,
};

async function run({ environment }: Invocation): Promise<ExitCode> {
	if (environment[WORKER_OWNER] !== String(process.ppid)) {
		const problem = 'found no httpfn that started it, wanted to be started by httpfn run --workers';
		throw new RuntimeError('ERR_USAGE', `httpfn worker: ${problem}`);
	}
	// Whoever signals the whole family means the owner, which tells its workers what to do.
	onStopSignals(STOP_SIGNALS, () => {});
	const { runWorker } = await import('../workers/run-worker.ts');
	const over = runWorker(async (settings, host) => {
		// Loaded only here: SQLite and what triggers ask of their callers are for those who have a catalog.
		const { openCatalogFront } = await import('../server/catalog-front.ts');
		return openCatalogFront(settings, host);
	});
	return (await over) ? EXIT.ok : EXIT.failure;
}
