/** The command line of `npm run bench -- gateway`. */
import { parseArgs } from 'node:util';
import { oneOf, wholeNumber } from './judge-word.ts';
import { BODY_NAMES, type BodyName, type Protocol } from './task.ts';

export interface GatewayOptions {
	readonly peers: readonly string[];
	readonly bodies: readonly BodyName[];
	readonly protocol: Protocol;
	/** Each httpfn is measured with so many processes too; 1: not. */
	readonly workers: number;
	readonly rounds: number;
	readonly seconds: number;
	readonly warmUpSeconds: number;
	/** Fresh processes of each peer for the time from exec to listening. */
	readonly startups: number;
	/** Seconds of load during which memory is watched; 0 leaves it out. */
	readonly soakSeconds: number;
	/** Where the result goes as JSON; null: nowhere. */
	readonly jsonFile: string | null;
}

export const GATEWAY_HELP = `npm run bench -- gateway [options]

Puts httpfn beside nginx, haproxy and caddy: the same injected headers, the same function, one run, the peers in turn, each
round in fresh processes and a network namespace of its own. Prints Markdown; exits with 1 where a client saw an error.

  --peers LIST     nginx, haproxy, caddy, httpfn (the flagship), httpfn-bun, httpfn-node, or NAME=PATH for any other
                   httpfn binary; default nginx,haproxy,caddy,httpfn-bun,httpfn-node
  --bodies LIST    small (48 bytes), large (5 MB), closing (48 bytes, after which the function
                   closes its connection); default small,large
  --protocol P     what clients speak: http, https (HTTP/1.1 over TLS) or h2 (HTTP/2 over TLS); default http
  --workers N      each httpfn once more, with N processes that take requests
  --rounds N       rounds of every load; default 7
  --seconds S      measured seconds a round; default 5
  --warm-up S      seconds of load before each, not counted; default 2
  --startups N     fresh processes for the time from exec to listening; default 20; 0 leaves it out
  --soak S         seconds of load with memory watched; default 0, which leaves it out
  --json FILE      every figure, raw, as JSON
  --help

Examples
  npm run bench -- gateway --soak 60 --json bench.json
  npm run bench -- gateway --protocol h2 --startups 0
  npm run bench -- gateway --peers httpfn --workers 2 --bodies small --startups 0
  npm run bench -- gateway --peers nginx,caddy,httpfn --bodies small
  npm run bench -- gateway --peers nginx,httpfn,before=/tmp/httpfn-before --rounds 3
`;

/** @returns null where help was asked for. Throws a TypeError that names the option, what was found and wanted. */
export function parseGatewayOptions(args: readonly string[]): GatewayOptions | null {
	const { values } = parseArgs({
		args: [...args],
		strict: true,
		options: {
			peers: { type: 'string', default: 'nginx,haproxy,caddy,httpfn-bun,httpfn-node' },
			bodies: { type: 'string', default: 'small,large' },
			protocol: { type: 'string', default: 'http' },
			workers: { type: 'string', default: '1' },
			rounds: { type: 'string', default: '7' },
			seconds: { type: 'string', default: '5' },
			'warm-up': { type: 'string', default: '2' },
			startups: { type: 'string', default: '20' },
			soak: { type: 'string', default: '0' },
			json: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return null;
	return {
		peers: values.peers.split(','),
		bodies: values.bodies.split(',').map((word) => oneOf('--bodies', word, BODY_NAMES)),
		protocol: protocolName(values.protocol),
		workers: wholeNumber('--workers', values.workers, 1),
		rounds: wholeNumber('--rounds', values.rounds, 1),
		seconds: wholeNumber('--seconds', values.seconds, 1),
		warmUpSeconds: wholeNumber('--warm-up', values['warm-up'], 0),
		startups: wholeNumber('--startups', values.startups, 0),
		soakSeconds: wholeNumber('--soak', values.soak, 0),
		jsonFile: values.json ?? null,
	};
}

function protocolName(text: string): Protocol {
	if (text === 'http' || text === 'https' || text === 'h2') return text;
	throw new TypeError(`--protocol is ${JSON.stringify(text)}, wanted http, https or h2`);
}
