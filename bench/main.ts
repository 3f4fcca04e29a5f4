/** `npm run bench -- WHAT`: the table goes to standard output, progress to standard error. */
import { errorText } from '../src/base/error-text.ts';
import { benchColdStart } from './cold-start.ts';
import { benchCompare } from './compare-builds.ts';
import { benchEdgeStart } from './edge-start.ts';
import { benchFootprint } from './footprint.ts';
import { benchGateway } from './gateway.ts';
import { benchInProcess } from './in-process.ts';
import { IN_PROCESS_SUITES, type InProcessName } from './in-process-suites.ts';
import { benchPlanted } from './planted.ts';
import { benchRuntimes } from './runtimes.ts';

const IN_PROCESS = Object.keys(IN_PROCESS_SUITES) as InProcessName[];
const KNOWN = [
	'gateway',
	'runtimes',
	'cold-start',
	'edge-start',
	'footprint',
	'code',
	...IN_PROCESS,
	'planted',
	'compare',
];

const HELP = `npm run bench -- gateway [options]      httpfn beside other proxies; --help says more
npm run bench -- runtimes [options]     what a function costs whole, beside other runtimes; --help says more
npm run bench -- cold-start [options]   what httpfn adds to a cold start; --help says more
npm run bench -- edge-start [options]   how long the first request to a fetch handler waits; --help says more
npm run bench -- footprint [options]    what a packed function needs: disk, start, memory, by target; --help says more
npm run bench -- code [options]         code of the product alone, all suites: ${IN_PROCESS.join(', ')}; --help says more
${IN_PROCESS.map((name) => `npm run bench -- ${`${name} [options]`.padEnd(23)} ${IN_PROCESS_SUITES[name].about}`).join('\n')}
npm run bench -- planted [options]      whether a slowdown of 10% is told from noise here; --help says more
npm run bench -- compare REF [options]  two builds, this tree and REF, in turn; --help says more

httpfn bench, of the built binary, measures the product from outside.`;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const report = (line: string): void => void process.stderr.write(`bench: ${line}\n`);

process.exitCode = await run(process.argv.slice(2));

async function run([name, ...args]: readonly string[]): Promise<number> {
	try {
		if (name === 'gateway') return await benchGateway(args, print, report);
		if (name === 'runtimes') return await benchRuntimes(args, print, report);
		if (name === 'cold-start') return await benchColdStart(args, print, report);
		if (name === 'edge-start') return await benchEdgeStart(args, print, report);
		if (name === 'footprint') return await benchFootprint(args, print, report);
		if (name === 'code') return await benchInProcess(IN_PROCESS, args, print, report);
		if (name === 'planted') return benchPlanted(args, print, report);
		if (name === 'compare') return benchCompare(args, print, report);
		const suite = IN_PROCESS.find((known) => known === name);
		if (suite !== undefined) return await benchInProcess([suite], args, print, report);
	} catch (error) {
		report(errorText(error));
		return error instanceof TypeError ? 2 : 1;
	}
	if (name === undefined || name === '--help' || name === 'help') {
		print(HELP);
		return name === undefined ? 2 : 0;
	}
	report(`the benchmark ${JSON.stringify(name)} is not known, wanted ${KNOWN.join(', ')}`);
	return 2;
}
