/** The command line of `npm run bench -- cold-start`. */
import { parseArgs } from 'node:util';
import { oneOf, wholeNumber } from './judge-word.ts';

export const COLD_FUNCTIONS = ['sh-go', 'node', 'python'] as const;
export type ColdFunction = (typeof COLD_FUNCTIONS)[number];

export const COLD_ISOLATIONS = ['namespace', 'direct'] as const;
export type ColdIsolation = (typeof COLD_ISOLATIONS)[number];

export interface ColdStartOptions {
	readonly peers: readonly string[];
	readonly functions: readonly ColdFunction[];
	readonly isolations: readonly ColdIsolation[];
	readonly rounds: number;
	/** Rounds of 20 functions at once and of the burst; 0 leaves them out. */
	readonly crowdRounds: number;
	/** Requests to a frozen instance; 0 leaves them out. */
	readonly thawRounds: number;
	/** Where the result goes as JSON; null: nowhere. */
	readonly jsonFile: string | null;
}

export const COLD_START_HELP = `npm run bench -- cold-start [options]

What httpfn adds to a cold start: from a request to a function without instances to the first byte of its answer, less
the time that the same bootstrap takes from exec to listening, run bare in a network namespace. The bare start and httpfn
take turns. Then 20 functions at once, and 50 requests at once to one function that takes one at a time. Then what a request
to a frozen instance takes longer than the next one, to the same instance, of the first function. Prints Markdown; exits with 1 where a request was not answered with 200.

  --functions LIST  sh-go, node, python (examples/go, node-http, python-http); default all three
  --isolation LIST  namespace, direct; default both
  --peers LIST      httpfn (the flagship), httpfn-bun, httpfn-node, or NAME=PATH for any other httpfn binary; default httpfn
  --rounds N        cold starts of each kind; default 30. Each takes a second more: the instance has to leave first
  --crowd-rounds N  rounds of 20 functions at once, and of the burst; default 5; 0 leaves them out
  --thaw-rounds N   requests to a frozen instance; default 30; 0 leaves them out. Each takes a second more: it has to freeze first
  --json FILE       every figure, raw, as JSON
  --help

Examples
  npm run bench -- cold-start --rounds 100 --functions sh-go --isolation namespace --crowd-rounds 0
  npm run bench -- cold-start --peers httpfn,before=/tmp/httpfn-before --json cold.json
`;

/** @returns null where help was asked for. Throws a TypeError that names the option, what was found and wanted. */
export function parseColdStartOptions(args: readonly string[]): ColdStartOptions | null {
	const { values } = parseArgs({
		args: [...args],
		strict: true,
		options: {
			functions: { type: 'string', default: COLD_FUNCTIONS.join(',') },
			isolation: { type: 'string', default: COLD_ISOLATIONS.join(',') },
			peers: { type: 'string', default: 'httpfn' },
			rounds: { type: 'string', default: '30' },
			'crowd-rounds': { type: 'string', default: '5' },
			'thaw-rounds': { type: 'string', default: '30' },
			json: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return null;
	return {
		peers: values.peers.split(','),
		functions: values.functions.split(',').map((word) => oneOf('--functions', word, COLD_FUNCTIONS)),
		isolations: values.isolation.split(',').map((word) => oneOf('--isolation', word, COLD_ISOLATIONS)),
		rounds: wholeNumber('--rounds', values.rounds, 1),
		crowdRounds: wholeNumber('--crowd-rounds', values['crowd-rounds'], 0),
		thawRounds: wholeNumber('--thaw-rounds', values['thaw-rounds'], 0),
		jsonFile: values.json ?? null,
	};
}
