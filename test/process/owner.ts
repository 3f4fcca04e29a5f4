/** An httpfn that is about to be killed: starts the fixture of its first argument and says which pid it got. */

import { newInstance } from './support.ts';

const { instance, log } = newInstance(process.argv[2] ?? 'daemon');
await instance.start();
await log.line(() => log.lines.filter(({ line }) => line.startsWith('daemon ')).length === 2);
const daemons = log.lines
	.map(({ line }) => /^daemon (\d+)$/.exec(line)?.[1])
	.filter((pid) => pid !== undefined);
console.log(JSON.stringify([log.records[0]?.fields.pid, ...daemons.map(Number)]));
setInterval(() => {}, 60_000);
