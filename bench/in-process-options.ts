/** The command line of the suites that run in one process. */
import { parseArgs } from 'node:util';
import type { ConcludeOptions } from '../src/bench/conclude.ts';

export const IN_PROCESS_ENGINES = ['bun', 'node'] as const;
export type InProcessEngine = (typeof IN_PROCESS_ENGINES)[number];

export interface InProcessOptions {
	readonly engine: InProcessEngine;
	readonly milliseconds: number;
	readonly rounds: number;
	readonly only: string;
	/** A record to compare with; null: none. */
	readonly compareFile: string | null;
	readonly outputs: ConcludeOptions;
}

export const IN_PROCESS_OPTIONS_HELP = `  --engine NAME         bun (the flagship's) or node; default bun
  --rounds N            fresh processes; default 9
  --milliseconds N      for each case in each round; default 100
  --only TEXT           cases whose name has this text
  --save FILE           write the record, to compare with later
  --compare FILE        a record that --save made: exit with 1 where something got worse beyond the noise
  --max-regression P    by how much a case may get worse; default 5%
  --json FILE           the record and the comparisons, as docs/bench-record.schema.json has them
  --report FILE         one HTML page with plots
  --help
`;

/** @returns null where help was asked for. Throws a TypeError that names the option, what was found and wanted. */
export function parseInProcessOptions(args: readonly string[]): InProcessOptions | null {
	const { values } = parseArgs({
		args: [...args],
		strict: true,
		options: {
			engine: { type: 'string', default: 'bun' },
			rounds: { type: 'string', default: '9' },
			milliseconds: { type: 'string', default: '100' },
			only: { type: 'string', default: '' },
			save: { type: 'string' },
			compare: { type: 'string' },
			'max-regression': { type: 'string', default: '5%' },
			json: { type: 'string' },
			report: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return null;
	const engine = IN_PROCESS_ENGINES.find((name) => name === values.engine);
	if (engine === undefined)
		throw new TypeError(
			`--engine is ${JSON.stringify(values.engine)}, wanted ${IN_PROCESS_ENGINES.join(' or ')}`,
		);
	const share = values['max-regression'];
	if (!/^\d+(\.\d+)?%$/.test(share))
		throw new TypeError(`--max-regression is ${JSON.stringify(share)}, wanted a share such as 5%`);
	return {
		engine,
		rounds: whole('--rounds', values.rounds),
		milliseconds: whole('--milliseconds', values.milliseconds),
		only: values.only,
		compareFile: values.compare ?? null,
		outputs: {
			saveFile: values.save ?? null,
			jsonFile: values.json ?? null,
			reportFile: values.report ?? null,
			allowed: Number.parseFloat(share) / 100,
		},
	};
}

function whole(option: string, text: string): number {
	if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
	throw new TypeError(`${option} is ${JSON.stringify(text)}, wanted a whole number of at least 1`);
}
