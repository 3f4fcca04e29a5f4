import path from 'node:path';
import process from 'node:process';
import { processEnvironment, replaceEnvironment } from '../config/process-environment.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { Report } from '../edge-host/report.ts';
import { collectGarbage } from '../engine/collect-garbage.ts';
import { EDGE_HOST_WORD } from '../engine/edge-host-word.ts';
import { openInspector } from '../engine/open-inspector.ts';
import type { Command, Invocation } from './command.ts';
import { HELP_OPTION, ownOption } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

export const edgeHostCommand: Command = {
	name: EDGE_HOST_WORD,
	summary: 'Be the process of an edge function: what httpfn starts in place of a bootstrap.',
	usage: 'BUNDLE [--report] | --wait',
	parameters: [
		{ name: 'BUNDLE', required: false, sentence: 'Module that httpfn bootstrap wrote, or run made.' },
	],
	options: [
		ownOption('--report', '', 'Other', 'Descriptor 3 is a pipe to httpfn, which is told how it goes.'),
		ownOption('--wait', '', 'Other', 'Load all but the function, and wait until httpfn names it.'),
		HELP_OPTION,
	],
	notes: ['The working directory is the code root. It serves on 127.0.0.1:8000 until SIGTERM.'],
	examples: [['httpfn edge-host .httpfn/index.mjs', 'what httpfn bootstrap wrote, without a gateway']],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage],
	run: host,
};

async function host({ arguments: given, workingFolder, stderr }: Invocation): Promise<ExitCode> {
	const { HTTPFN_INSPECT } = processEnvironment();
	if (HTTPFN_INSPECT !== undefined) await openInspector(HTTPFN_INSPECT);
	const { prepareHost } = await import('../edge-host/edge-host.ts');
	const { NO_REPORT, openReport } = await import('../edge-host/report.ts');
	const waits = given.options.has('--wait');
	const report = waits || given.options.has('--report') ? openReport() : NO_REPORT;
	const prepared = await prepareHost({
		report,
		complain: (text) => stderr.writeText(`${text}\n`),
		stopped: new Promise((resolve) => process.once('SIGTERM', () => resolve())),
	});
	const bundle = waits ? await bundleToCome(report) : path.resolve(workingFolder, named(given.parameters[0]));
	if (bundle === null) return EXIT.ok;
	await prepared.serve({
		program: { bundle },
		process: { environment: processEnvironment(), exit: (code) => process.exit(code) },
	});
	return EXIT.ok;
}

function named(bundle: string | undefined): string {
	if (bundle !== undefined) return bundle;
	throw new RuntimeError('ERR_USAGE', 'BUNDLE: missing, wanted: httpfn edge-host BUNDLE');
}

/** Null: httpfn has gone before there was a function. */
async function bundleToCome(report: Report): Promise<string | null> {
	const { warmUp } = await import('../edge-host/warm-up.ts');
	const { awaitFunction } = await import('../edge-host/await-function.ts');
	await warmUp();
	collectGarbage();
	report({ kind: 'waiting' });
	const start = awaitFunction();
	if (start === null) return null;
	replaceEnvironment(start.environment);
	// A program that looks at its own command line finds what it would without a zygote.
	process.argv.splice(process.argv.indexOf('--wait'), 1, start.bundle, '--report');
	return start.bundle;
}
