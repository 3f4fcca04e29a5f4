/** The command line of `npm run bench -- runtimes`. */
import { parseArgs } from 'node:util';
import { wholeNumber } from './judge-word.ts';

export interface RuntimesOptions {
	readonly peers: readonly string[];
	readonly rounds: number;
	readonly seconds: number;
	readonly warmUpSeconds: number;
	/** Where the result goes as JSON; null: nowhere. */
	readonly jsonFile: string | null;
}

export const RUNTIMES_HELP = `npm run bench -- runtimes [options]

What a function that says hello costs whole, runtime and function together: CPU of all processes, memory of all, and the
time from exec to the first answer. httpfn with a bootstrap that runs node:http, beside other runtimes in which the same
answer is given by a function of their own kind. They take turns, each round in fresh processes and a network namespace of its own.
Prints Markdown; exits with 1 where a client saw an error.

  --peers LIST   node (node:http alone, no runtime), functions-framework, workerd, miniflare, httpfn (the flagship),
                 httpfn-bun, httpfn-node, or NAME=PATH for any other httpfn binary;
                 default node,functions-framework,workerd,miniflare,httpfn
  --rounds N     default 7
  --seconds S    measured seconds a round; default 5
  --warm-up S    seconds of load before each, not counted; default 2
  --json FILE    every figure, raw, as JSON
  --help

functions-framework, workerd and miniflare come from npm, about 200 MB into .cache/peers, in the versions of
bench/peers/package-lock.json; only where one of them is asked for.

Examples
  npm run bench -- runtimes --rounds 3 --seconds 2
  npm run bench -- runtimes --peers node,httpfn-bun,httpfn-node
`;

/** @returns null where help was asked for. Throws a TypeError that names the option, what was found and wanted. */
export function parseRuntimesOptions(args: readonly string[]): RuntimesOptions | null {
	const { values } = parseArgs({
		args: [...args],
		strict: true,
		options: {
			peers: { type: 'string', default: 'node,functions-framework,workerd,miniflare,httpfn' },
			rounds: { type: 'string', default: '7' },
			seconds: { type: 'string', default: '5' },
			'warm-up': { type: 'string', default: '2' },
			json: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return null;
	return {
		peers: values.peers.split(','),
		rounds: wholeNumber('--rounds', values.rounds, 1),
		seconds: wholeNumber('--seconds', values.seconds, 1),
		warmUpSeconds: wholeNumber('--warm-up', values['warm-up'], 0),
		jsonFile: values.json ?? null,
	};
}
