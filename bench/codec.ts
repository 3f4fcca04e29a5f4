/** `npm run bench -- codec`: the HTTP/1.1 and Base64 code alone, in one process, on the engine that runs it. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Bench } from 'tinybench';
import { type CodecCase, codecCases } from './codec-cases.ts';

const HELP = `npm run bench -- codec [options]

Times the head parser, the chunked decoder and the Base64 streams, these beside the engine's own one call over the
whole body. Prints Markdown. Runs on the pinned Node; with another engine: <engine> bench/main.ts codec.

  --milliseconds N   for each case; default 1000
  --json FILE        every figure as JSON
  --help`;

interface Row {
	readonly name: string;
	readonly medianMs: number;
	/** Nanoseconds a head, or megabytes (1,000,000 bytes) a second. */
	readonly figure: number;
	readonly unit: 'ns / head' | 'MB / s';
	/** Time over that of the case it stands beside; null for none. */
	readonly ratio: number | null;
}

export async function benchCodec(args: readonly string[], print: (line: string) => void): Promise<number> {
	const { values } = parseArgs({
		args: [...args],
		strict: true,
		options: {
			milliseconds: { type: 'string', default: '1000' },
			json: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		print(HELP);
		return 0;
	}
	if (!/^[1-9]\d{0,5}$/.test(values.milliseconds)) {
		throw new TypeError(`--milliseconds is ${JSON.stringify(values.milliseconds)}, wanted a whole number`);
	}
	const rows = await measure(codecCases(), Number(values.milliseconds));
	if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, '\t')}\n`);
	print(table(rows));
	return 0;
}

async function measure(cases: readonly CodecCase[], timeMs: number): Promise<Row[]> {
	const bench = new Bench({ time: timeMs, warmupTime: timeMs / 4, throws: true });
	for (const { name, run } of cases) bench.add(name, run);
	await bench.run();
	const medians = new Map(
		bench.tasks.map((task) => {
			if (task.result.state !== 'completed') throw new Error(`${task.name} is ${task.result.state}`);
			return [task.name, task.result.latency.p50] as const;
		}),
	);
	return cases.map(({ name, amount, unit, beside }) => {
		const medianMs = medians.get(name) ?? Number.NaN;
		const other = beside === null ? undefined : medians.get(beside);
		return {
			name,
			medianMs,
			figure: unit === 'head' ? (medianMs / amount) * 1e6 : amount / 1e6 / (medianMs / 1000),
			unit: unit === 'head' ? 'ns / head' : 'MB / s',
			ratio: other === undefined ? null : medianMs / other,
		};
	});
}

function table(rows: readonly Row[]): string {
	const lines = rows.map(({ name, figure, unit, ratio }) => {
		const beside = ratio === null ? '' : ratio.toFixed(2);
		return `| ${name} | ${Math.round(figure).toLocaleString('en-US')} ${unit} | ${beside} |`;
	});
	return ['| work | median | time of the engine’s one call |', '| --- | --- | --- |', ...lines].join('\n');
}
