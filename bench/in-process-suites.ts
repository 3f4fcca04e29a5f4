/** The suites that run in one process, without sockets. */
import { codecCases } from './codec-cases.ts';
import { guardCases } from './guard-cases.ts';
import type { InProcessCase } from './in-process-case.ts';
import { logCases } from './log-cases.ts';
import { routeCases } from './route-cases.ts';

export interface InProcessSuite {
	readonly about: string;
	/** What a case is compared with, as a column is called. */
	readonly compared: string;
	cases(): readonly InProcessCase[];
}

export const IN_PROCESS_SUITES = {
	codec: {
		about:
			'the head parser, the chunked decoder, Base64 and the envelope, these beside one call of the engine over the whole body',
		compared: 'time of the engine’s one call',
		cases: codecCases,
	},
	guards: {
		about: 'judging who calls an API, the body of the call included, beside reading the same head',
		compared: 'time of reading the fields',
		cases: guardCases,
	},
	routes: {
		about:
			'finding the function of a request by one route, and among 10,000 triggers, beside reading its head',
		compared: 'time of reading the head',
		cases: routeCases,
	},
	log: {
		about:
			'a line of the log and of the access log, beside the one call of the engine that makes the same JSON',
		compared: 'time of JSON.stringify',
		cases: logCases,
	},
} as const satisfies Record<string, InProcessSuite>;

export type InProcessName = keyof typeof IN_PROCESS_SUITES;
