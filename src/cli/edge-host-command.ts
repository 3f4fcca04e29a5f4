import path from 'node:path';
import process from 'node:process';
import { processEnvironment } from '../config/process-environment.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, ownOption } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

export const edgeHostCommand: Command = {
	name: 'edge-host',
	summary: 'Be the process of an edge function: what httpfn starts in place of a bootstrap.',
	usage: 'BUNDLE [--report]',
	parameters: [
		{ name: 'BUNDLE', required: true, sentence: 'Module that httpfn bootstrap wrote, or run made.' },
	],
	options: [
		ownOption('--report', '', 'Other', 'Descriptor 3 is a pipe to httpfn, which is told how it goes.'),
		HELP_OPTION,
	],
	notes: ['The working directory is the code root. It serves on 127.0.0.1:8000 until SIGTERM.'],
	examples: [['httpfn edge-host .httpfn/index.mjs', 'what httpfn bootstrap wrote, without a gateway']],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run: host,
};

async function host({ arguments: given, workingFolder, stderr }: Invocation): Promise<ExitCode> {
	const { prepareHost } = await import('../edge-host/edge-host.ts');
	const { NO_REPORT, openReport } = await import('../edge-host/report.ts');
	const prepared = await prepareHost({
		report: given.options.has('--report') ? openReport() : NO_REPORT,
		complain: (text) => stderr.writeText(`${text}\n`),
		stopped: new Promise((resolve) => process.once('SIGTERM', () => resolve())),
	});
	await prepared.serve({
		program: { bundle: path.resolve(workingFolder, given.parameters[0] ?? '') },
		process: { environment: processEnvironment(), exit: (code) => process.exit(code) },
	});
	return EXIT.ok;
}
