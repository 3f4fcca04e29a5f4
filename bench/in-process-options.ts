/** The command line of the suites that run in one process. */
import { parseArgs } from 'node:util';
import type { ConcludeOptions } from '../src/bench/conclude.ts';
import { oneOf, share, wholeNumber } from './judge-word.ts';

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
	return {
		engine: oneOf('--engine', values.engine, IN_PROCESS_ENGINES),
		rounds: wholeNumber('--rounds', values.rounds, 1),
		milliseconds: wholeNumber('--milliseconds', values.milliseconds, 1),
		only: values.only,
		compareFile: values.compare ?? null,
		outputs: {
			saveFile: values.save ?? null,
			jsonFile: values.json ?? null,
			reportFile: values.report ?? null,
			allowed: share('--max-regression', values['max-regression']),
		},
	};
}
