/**
 * The host of an edge function where there is no executable of httpfn: `BUNDLE [--report]`. `httpfn bootstrap` writes it beside the bundle,
 * for Node.js 20, where what httpfn would be told goes nowhere; the npm package has it for the engine of the program that it is part of.
 */
import path from 'node:path';
import process from 'node:process';
import { processEnvironment } from '../config/process-environment.ts';
import { prepareHost } from '../edge-host/edge-host.ts';
import { NO_REPORT, openReport } from '../edge-host/report.ts';

async function main([bundle = '', word]: readonly string[]): Promise<void> {
	const host = await prepareHost({
		report: word === '--report' ? openReport() : NO_REPORT,
		complain: (text) => void process.stderr.write(`${text}\n`),
		stopped: new Promise((resolve) => process.once('SIGTERM', () => resolve())),
	});
	await host.serve({
		program: { bundle: path.resolve(bundle) },
		process: { environment: processEnvironment(), exit: (code) => process.exit(code) },
	});
}

main(process.argv.slice(2)).then(
	() => process.exit(0),
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
		process.exit(1);
	},
);
