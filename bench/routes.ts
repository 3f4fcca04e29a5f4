/** `npm run bench -- routes`: what it costs to find the function of a request, without any socket. */
import type { InProcessSuite } from './in-process.ts';
import { routeCases } from './route-cases.ts';

const HELP = `npm run bench -- routes [options]

Times the way from a request to its function by one route, and by one of 10,000 triggers of one group or of as many groups,
beside reading the head of that request. Prints Markdown. Runs on the pinned Node; with another engine: <engine> bench/main.ts routes.

  --milliseconds N   for each case; default 1000
  --json FILE        every figure as JSON
  --help`;

export const ROUTES: InProcessSuite = { help: HELP, compared: 'time of reading the head', cases: routeCases };
