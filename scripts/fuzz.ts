/** `npm run fuzz`: our HTTP/1.1 codec beside Node's own parser, on generated and spoilt messages. */
import { parseArgs } from 'node:util';
import type { FuzzReport } from './fuzz-run.ts';
import { runFuzz } from './fuzz-run.ts';

const HELP = `npm run fuzz -- [--seconds N] [--seed N] [--json]

Reads generated and spoilt requests and responses with our HTTP/1.1 codec and with the parser of Node.js.
Where both take a message they must agree on it; where ours takes what Node's refuses, that is a finding,
unless scripts/fuzz-compare.ts argues for it. A finding is made small and printed with its seed.

  --seconds N  how long (60)
  --seed N     the first seed, a whole number (a random one, which is printed)
  --json       print the report as JSON

Exit codes: 0 nothing found, 1 something found, 2 wrong usage.`;

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			seconds: { type: 'string', default: '60' },
			seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
			json: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		console.log(HELP);
		return 0;
	}
	const seconds = wholeNumber('--seconds', values.seconds);
	const firstSeed = wholeNumber('--seed', values.seed);
	console.error(`fuzz: from seed ${firstSeed} for ${seconds} s`);
	const startedMs = performance.now();
	let toldMs = startedMs;
	const report = await runFuzz({
		firstSeed,
		untilMs: startedMs + seconds * 1000,
		casesMax: Number.POSITIVE_INFINITY,
		onProgress: ({ cases }) => {
			if (performance.now() - toldMs < 5000) return;
			toldMs = performance.now();
			console.error(`fuzz: ${cases} cases, ${Math.round((toldMs - startedMs) / 1000)} s`);
		},
	});
	console.log(values.json ? JSON.stringify(report, null, '\t') : reportText(report));
	return report.findings.length > 0 ? 1 : 0;
}

function wholeNumber(flag: string, text: string): number {
	if (!/^\d{1,10}$/.test(text))
		throw new TypeError(`${flag} is ${JSON.stringify(text)}, wanted a whole number`);
	return Number(text);
}

function reportText({ cases, agreed, stricter, known, findings }: FuzzReport): string {
	const lines = [`${cases} cases, ${agreed} alike`];
	const count = (title: string, counts: Readonly<Record<string, number>>): void => {
		lines.push(title);
		const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
		for (const [reason, times] of sorted) lines.push(`  ${String(times).padStart(7)}  ${reason}`);
	};
	count('refused by ours alone:', stricter);
	count("refused by Node's alone, and argued for:", known);
	for (const { seed, side, input, reason } of findings) {
		lines.push(`FINDING, ${side}, seed ${seed}: ${JSON.stringify(input)}`, `  ${reason}`);
	}
	if (findings.length === 0) lines.push('nothing found');
	return lines.join('\n');
}

main().then(
	(code) => {
		process.exitCode = code;
	},
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 2;
	},
);
