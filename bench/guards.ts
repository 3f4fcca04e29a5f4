/** `npm run bench -- guards`: what it costs to judge who calls an API, without any socket. */
import { guardCases } from './guard-cases.ts';
import type { InProcessSuite } from './in-process.ts';

const HELP = `npm run bench -- guards [options]

Times the judgement of one call for each way to authenticate, its body included, beside reading the same head; and what it
takes to leave credentials out. Prints Markdown. Runs on the pinned Node; with another engine: <engine> bench/main.ts guards.

  --milliseconds N   for each case; default 1000
  --json FILE        every figure as JSON
  --help`;

export const GUARDS: InProcessSuite = {
	help: HELP,
	compared: 'time of reading the fields',
	cases: guardCases,
};
