/** `npm run bench -- gateway | runtimes | cold-start | codec | guards | routes`: the table goes to standard output, progress to standard error. */

import { CODEC } from './codec.ts';
import { benchColdStart } from './cold-start.ts';
import { benchGateway } from './gateway.ts';
import { GUARDS } from './guards.ts';
import { benchInProcess } from './in-process.ts';
import { ROUTES } from './routes.ts';
import { benchRuntimes } from './runtimes.ts';

const HELP = `npm run bench -- gateway [options]      httpfn beside other proxies; --help says more
npm run bench -- runtimes [options]     what a function costs whole, beside other runtimes; --help says more
npm run bench -- cold-start [options]   what httpfn adds to a cold start; --help says more
npm run bench -- codec [options]        the HTTP/1.1 and Base64 code alone; --help says more
npm run bench -- guards [options]       what it costs to judge who calls an API; --help says more
npm run bench -- routes [options]       what it costs to find the function of a request; --help says more`;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const report = (line: string): void => void process.stderr.write(`bench: ${line}\n`);

process.exitCode = await run(process.argv.slice(2));

async function run([name, ...args]: readonly string[]): Promise<number> {
	try {
		if (name === 'gateway') return await benchGateway(args, print, report);
		if (name === 'runtimes') return await benchRuntimes(args, print, report);
		if (name === 'cold-start') return await benchColdStart(args, print, report);
		if (name === 'codec') return await benchInProcess(CODEC, args, print);
		if (name === 'routes') return await benchInProcess(ROUTES, args, print);
		if (name === 'guards') return await benchInProcess(GUARDS, args, print);
	} catch (error) {
		report(error instanceof Error ? error.message : String(error));
		return error instanceof TypeError ? 2 : 1;
	}
	if (name === undefined || name === '--help' || name === 'help') {
		print(HELP);
		return name === undefined ? 2 : 0;
	}
	report(
		`the benchmark ${JSON.stringify(name)} is not known, wanted gateway, runtimes, cold-start, codec, guards or routes`,
	);
	return 2;
}
