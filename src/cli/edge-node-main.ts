/**
 * The host of an edge function where there is no httpfn: a program for Node.js 20 that `httpfn bootstrap` writes beside the bundle. What
 * httpfn would be told goes nowhere.
 */
import path from 'node:path';
import process from 'node:process';
import { processEnvironment } from '../config/process-environment.ts';
import { prepareHost } from '../edge-host/edge-host.ts';
import { NO_REPORT } from '../edge-host/report.ts';

async function main(): Promise<void> {
	const host = await prepareHost({
		report: NO_REPORT,
		complain: (text) => void process.stderr.write(`${text}\n`),
		stopped: new Promise((resolve) => process.once('SIGTERM', () => resolve())),
	});
	await host.serve({
		program: { bundle: path.resolve(process.argv[2] ?? '') },
		process: { environment: processEnvironment(), exit: (code) => process.exit(code) },
	});
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
		process.exit(1);
	},
);
