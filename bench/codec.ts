/** `npm run bench -- codec`: the HTTP/1.1 and Base64 code alone. */
import { codecCases } from './codec-cases.ts';
import type { InProcessSuite } from './in-process.ts';

const HELP = `npm run bench -- codec [options]

Times the head parser, the chunked decoder and the Base64 streams, these beside the engine's own one call over the
whole body. Prints Markdown. Runs on the pinned Node; with another engine: <engine> bench/main.ts codec.

  --milliseconds N   for each case; default 1000
  --json FILE        every figure as JSON
  --help`;

export const CODEC: InProcessSuite = {
	help: HELP,
	compared: 'time of the engine’s one call',
	cases: codecCases,
};
