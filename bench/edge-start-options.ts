/** The command line of `npm run bench -- edge-start`. */
import { parseArgs } from 'node:util';
import { COLD_ISOLATIONS, type ColdIsolation } from './cold-start-options.ts';
import { oneOf, wholeNumber } from './judge-word.ts';

export interface EdgeStartOptions {
	readonly peers: readonly string[];
	readonly isolations: readonly ColdIsolation[];
	readonly rounds: number;
	/** Where the result goes as JSON; null: nowhere. */
	readonly jsonFile: string | null;
}

export const EDGE_START_HELP = `npm run bench -- edge-start [options]

How long whoever asks first waits for a fetch handler that answers 48 bytes. httpfn: from a request to an edge function without
instances to the first byte of its answer. workerd and miniflare, which have no such moment: from exec to the first answer.
All take turns, in one network namespace. Prints Markdown; exits with 1 where a request was not answered with 200.

  --peers LIST      httpfn (the flagship), httpfn-bun, httpfn-node, NAME=PATH for any other httpfn binary, workerd,
                    miniflare; default httpfn,httpfn-node,workerd,miniflare
  --isolation LIST  of httpfn: namespace, direct; default both
  --rounds N        starts of each; default 20. Each of httpfn's takes a second more: the instance has to leave first
  --json FILE       every figure, raw, as JSON
  --help

workerd and miniflare come from npm, as for the benchmark of the runtimes; only where one of them is asked for.

Examples
  npm run bench -- edge-start --rounds 50
  npm run bench -- edge-start --peers httpfn,before=/tmp/httpfn-before --isolation namespace
`;

/** @returns null where help was asked for. Throws a TypeError that names the option, what was found and wanted. */
export function parseEdgeStartOptions(args: readonly string[]): EdgeStartOptions | null {
	const { values } = parseArgs({
		args: [...args],
		strict: true,
		options: {
			peers: { type: 'string', default: 'httpfn,httpfn-node,workerd,miniflare' },
			isolation: { type: 'string', default: COLD_ISOLATIONS.join(',') },
			rounds: { type: 'string', default: '20' },
			json: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return null;
	return {
		peers: values.peers.split(','),
		isolations: values.isolation.split(',').map((word) => oneOf('--isolation', word, COLD_ISOLATIONS)),
		rounds: wholeNumber('--rounds', values.rounds, 1),
		jsonFile: values.json ?? null,
	};
}
